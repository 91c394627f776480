import type { SpanMap } from '../text/index.ts';
import { tooMuch } from './limits.ts';
import { applyShellOptions } from './shells.ts';
import type { Script, Shell, ShellCommand } from './types.ts';
import { type Collected, walkScript } from './walk.ts';

/**
 * Reads a shell script to commands with places in the file. Never throws: what cannot be read is `opaque` and says why.
 * @param map the script, continuations and comment lines taken out, with the way back to the file
 * @param shell what reads it; see `shellOf` and `heredocShell`
 */
export function parseScript(map: SpanMap, shell: Shell): Script {
  const opaque = shell.kind === 'other' ? 'its shell is not a Bourne shell' : tooMuch(map.text);
  if (opaque !== undefined) return opaqueScript(map, shell, opaque);
  const collected: Collected = { commands: [], operators: [], partial: false, opaque: undefined };
  try {
    const lists = walkScript(collected, map, shell);
    if (collected.opaque !== undefined) return opaqueScript(map, shell, collected.opaque);
    const { commands, operators, partial } = collected;
    return { map, shell, commands, lists, operators, ...settings(commands, shell), opaque: undefined, partial };
  } catch (error) {
    if (error instanceof RangeError) return opaqueScript(map, shell, 'it is nested too deeply');
    throw error;
  }
}

function opaqueScript(map: SpanMap, shell: Shell, opaque: string): Script {
  const { errexit, pipefail } = shell;
  return { map, shell, commands: [], lists: [], operators: [], errexit, pipefail, opaque, partial: true };
}

/** What the shell's start and the `set` commands before any other set. */
function settings(commands: readonly ShellCommand[], shell: Shell): Pick<Script, 'errexit' | 'pipefail'> {
  const options = { errexit: shell.errexit, pipefail: shell.pipefail };
  for (const command of commands) {
    if (command.program !== 'set' || !command.certain || command.nesting.length > 0) break;
    applyShellOptions(
      options,
      command.args.map((word) => word.value),
    );
  }
  return options;
}
