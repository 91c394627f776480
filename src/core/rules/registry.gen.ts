// Made by `npm run gen`. Do not edit.
import type { Rule } from './define.ts';
import addForLocalFiles from './add-copy/add-for-local-files.ts';
import aptListsLeftBehind from './os-packages/apt-lists-left-behind.ts';
import constantPlatform from './platform/constant-platform.ts';
import copyFromByNumber from './stages/copy-from-by-number.ts';
import copyIgnoredFile from './ignore-file/copy-ignored-file.ts';
import definitionDescriptionMismatch from './form/definition-description-mismatch.ts';
import duplicateStageName from './stages/duplicate-stage-name.ts';
import emptyContinuation from './syntax/empty-continuation.ts';
import envKeySetTwice from './variables/env-key-set-twice.ts';
import envRefersToItself from './variables/env-refers-to-itself.ts';
import exposeInvalidFormat from './ports/expose-invalid-format.ts';
import exposeProtoCasing from './ports/expose-proto-casing.ts';
import fromAsCasing from './form/from-as-casing.ts';
import healthCheckMissing from './health-check/health-check-missing.ts';
import ignoreFileMissing from './ignore-file/ignore-file-missing.ts';
import instructionCasing from './form/instruction-casing.ts';
import instructionOverridden from './stages/instruction-overridden.ts';
import invalidDefaultArgInFrom from './variables/invalid-default-arg-in-from.ts';
import labelsMissing from './labels/labels-missing.ts';
import legacyKeyValue from './form/legacy-key-value.ts';
import maintainerInstruction from './labels/maintainer-instruction.ts';
import portExposedTwice from './ports/port-exposed-twice.ts';
import redundantTargetPlatform from './platform/redundant-target-platform.ts';
import remoteAddWithoutChecksum from './add-copy/remote-add-without-checksum.ts';
import reservedStageName from './stages/reserved-stage-name.ts';
import secretInEnvOrArg from './secrets/secret-in-env-or-arg.ts';
import shellFormStart from './start-command/shell-form-start.ts';
import stageNameCasing from './form/stage-name-casing.ts';
import syntaxError from './syntax/syntax-error.ts';
import undefinedArgInFrom from './variables/undefined-arg-in-from.ts';
import undefinedVariable from './variables/undefined-variable.ts';
import unreachableStage from './stages/unreachable-stage.ts';
import workdirRelative from './workdir/workdir-relative.ts';

export const rules: readonly Rule[] = [
  addForLocalFiles,
  aptListsLeftBehind,
  constantPlatform,
  copyFromByNumber,
  copyIgnoredFile,
  definitionDescriptionMismatch,
  duplicateStageName,
  emptyContinuation,
  envKeySetTwice,
  envRefersToItself,
  exposeInvalidFormat,
  exposeProtoCasing,
  fromAsCasing,
  healthCheckMissing,
  ignoreFileMissing,
  instructionCasing,
  instructionOverridden,
  invalidDefaultArgInFrom,
  labelsMissing,
  legacyKeyValue,
  maintainerInstruction,
  portExposedTwice,
  redundantTargetPlatform,
  remoteAddWithoutChecksum,
  reservedStageName,
  secretInEnvOrArg,
  shellFormStart,
  stageNameCasing,
  syntaxError,
  undefinedArgInFrom,
  undefinedVariable,
  unreachableStage,
  workdirRelative,
];
