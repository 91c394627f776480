import { LANGUAGES } from './languages.ts';
import { SERVICES } from './services.ts';
import { STORES } from './stores.ts';
import { SYSTEM_IMAGES } from './system-images.ts';
import type { SystemName } from './systems.ts';
import type { ImageFacts, ImageStart, ImageUser, Libc, PackageManager } from './types.ts';
import { VENDORS } from './vendors.ts';
import { WEB } from './web.ts';

/**
 * What images of a family say of themselves. A trait that is left out is inherited from the system as far as that is sound
 * (`systems.ts`), else unknown.
 */
export interface Traits {
  /** The system of tags that name none. */
  readonly system?: SystemName;
  /** Release of that system. */
  readonly release?: string;
  /** What it adds to: nothing but its system, or buildpack-deps in its three sizes. */
  readonly on?: 'bare' | 'curl' | 'scm' | 'buildpack' | 'unsure';
  readonly user?: string;
  readonly users?: readonly ImageUser[];
  readonly shell?: readonly string[] | null;
  readonly sh?: 'dash' | 'ash' | 'bash' | null;
  readonly libc?: Libc;
  readonly packageManager?: PackageManager;
  readonly workdir?: string;
  /** Directories before the default PATH. */
  readonly path?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Every further variable that some version sets; '' for none. Left out: not known. */
  readonly names?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly starts?: ImageStart;
  readonly dropsPrivileges?: boolean;
  readonly healthcheck?: boolean;
  readonly onbuild?: boolean;
  readonly toolchain?: boolean;
  readonly has?: string;
  readonly lacks?: string;
  /** Facts that are not certain here, although the system or the family has them. */
  readonly unsure?: readonly (keyof ImageFacts)[];
}

/**
 * Images of one kind. `when` refines it by tag, in order: words that the tag holds (`slim`), lacks (`!alpine`), versions
 * (`>=6.10`, `<5`), all of one entry at once. `alpine` stands for any Alpine tag.
 */
export interface Family extends Traits {
  /** Familiar names, by spaces; a `*` at the end stands for any rest. */
  readonly repositories: string;
  /** Key into SUITES. */
  readonly suites?: string;
  readonly when?: readonly (readonly [condition: string, traits: Traits])[];
}

export const FAMILIES: readonly Family[] = [...SYSTEM_IMAGES, ...LANGUAGES, ...WEB, ...STORES, ...SERVICES, ...VENDORS];
