import type { ImageFiles } from '../core/evidence/proof/index.ts';

/** A step of a build, as the engine told it. */
export interface BuildStep {
  /** As written, or `stage-1`; undefined for the only stage, and for what the engine does on its own account. */
  readonly stage: string | undefined;
  /** Its place among the steps of its stage; 0 for what the engine does on its own account. */
  readonly number: number;
  /** The instruction, more or less as written. */
  readonly text: string;
  readonly cached: boolean;
  readonly seconds: number;
  /** Seconds after the first step of the build; undefined where it did not run, or the engine does not say. */
  readonly began?: number;
  readonly error?: string;
}

export interface BuildRequest {
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  /** Absolute path of the build context. */
  readonly context: string;
  readonly tag: string;
  readonly target?: string;
  /** Runs every step again. */
  readonly fresh?: boolean;
  /** Values of this build alone: they come after what every build is given, and are no secrets. */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly args?: Readonly<Record<string, string>>;
}

export type Built =
  | {
      readonly ok: true;
      readonly seconds: number;
      readonly steps: readonly BuildStep[];
      readonly digest?: string;
      readonly metadata?: string;
    }
  | {
      readonly ok: false;
      readonly seconds: number;
      readonly steps: readonly BuildStep[];
      /** The step that failed; undefined when none is to blame. */
      readonly step?: string;
      /** The last lines that it printed, and why it failed. */
      readonly lines: readonly string[];
      /** The world around failed, not the Dockerfile: a registry, a network, a disk. */
      readonly outside: boolean;
    };

export interface ImageSeen {
  /** Of all layers. */
  readonly bytes: number;
  readonly layers: number;
  /** Of each layer, as the engine names it; the lowest first. */
  readonly layerIds: readonly string[];
  readonly healthCheck: boolean;
  /** Names of its labels. */
  readonly labels: readonly string[];
  /** Of TCP, as EXPOSE names them. */
  readonly ports: readonly number[];
}

/** What is looked for in the bytes of an image. */
export interface ImageLook {
  /** ASCII. */
  readonly needles: readonly string[];
  /** Ids of the layers of its base: no needle is looked for in them. */
  readonly base: ReadonlySet<string>;
}

export interface NeedleHit {
  /** Its place among the needles. */
  readonly needle: number;
  readonly in: 'layer' | 'history' | 'configuration' | 'attestation' | 'manifest';
  /** Of a layer: whose header or content it lies in. A later layer may have deleted it. */
  readonly path?: string;
}

/** A statement about an image that comes with it. */
export interface Attested {
  /** `provenance`, `SBOM`. */
  readonly kind: string;
  /** Its manifest and its subject name the image by its digest. */
  readonly bound: boolean;
}

export interface ImageRead {
  readonly hits: readonly NeedleHit[];
  readonly files: ImageFiles;
  readonly attestations: readonly Attested[];
}

/** An image as a registry would be given it. */
export interface Published {
  /** Of its packed layers. */
  readonly bytes: number;
  readonly attestations: readonly Attested[];
}

export interface ContainerState {
  readonly running: boolean;
  /** When it does not run. */
  readonly exit: number;
  /** Undefined without a health check. */
  readonly health: string | undefined;
  /** What the check said the last time that it failed; undefined when it never did, or was never done in time. */
  readonly sick?: string;
}

/** A container that was started with limits, no network but its own loopback, and no privileges. */
export interface RunningContainer {
  state(): Promise<ContainerState>;
  /** PID 1, seen from outside, so that the image needs no tools. */
  first(): Promise<{ readonly uid: number; readonly argv: string } | { readonly missing: string }>;
  /**
   * The HTTP status of a route; null when nothing answers. `images` are looked through for a program that can ask.
   */
  ask(
    port: number,
    path: string,
    images: readonly string[],
  ): Promise<{ readonly status: number | null } | { readonly missing: string }>;
  /**
   * What is listened at, as `3000`, `127.0.0.1:9229`, `53/udp`, and the ids of processes that have ended without being waited for. `images`
   * are looked through for a program that can read.
   */
  inside(
    images: readonly string[],
  ): Promise<{ readonly ports: readonly string[]; readonly zombies: readonly number[] } | { readonly missing: string }>;
  /** Files outside of volumes that it has made or changed. */
  written(): Promise<{ readonly paths: readonly string[] } | { readonly missing: string }>;
  /** Bytes of a file; undefined when it is none. */
  sizeOf(path: string): Promise<number | undefined>;
  /** Sends the stop signal, and SIGKILL after `patience` seconds. */
  stop(patience: number): Promise<{ readonly seconds: number; readonly exit: number }>;
  /** The last lines of its output. */
  lines(count: number): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** What builds and runs images. Whatever it makes carries a label or tag of the run, and goes with `cleanUp`. */
export interface ProofEngine {
  /** `docker 28.5, buildx 0.29`. */
  readonly name: string;
  /** It has Docker's old builder only. */
  readonly withoutBuildKit?: boolean;
  build(request: BuildRequest): Promise<Built>;
  image(tag: string): Promise<ImageSeen | { readonly missing: string }>;
  /** Reads all bytes of an image, deleted files included. */
  read(tag: string, look: ImageLook): Promise<ImageRead | { readonly missing: string }>;
  /** @param confined with a root that cannot be written to, /tmp apart, and without capabilities; as this user from the start */
  /** What would be published of an image that was built from this. It is there when statements are wanted, or the builder is another than the engine. */
  published?(
    request: Pick<BuildRequest, 'dockerfile' | 'context' | 'target'>,
  ): Promise<Published | { readonly missing: string }>;
  start(tag: string, confined?: { readonly uid?: number }): Promise<RunningContainer | { readonly missing: string }>;
  /** Removes what it made; what could not be removed is told. */
  cleanUp(): Promise<readonly string[]>;
}
