// Made by `npm run gen`. Do not edit.
import type { Rule } from './define.ts';
import addForLocalFiles from './add-copy/add-for-local-files.ts';
import alpineWithNativeDependencies from './base-image/alpine-with-native-dependencies.ts';
import apkIndexLeftBehind from './os-packages/apk-index-left-behind.ts';
import aptCacheMountUnlocked from './caches/apt-cache-mount-unlocked.ts';
import aptInsteadOfAptGet from './os-packages/apt-instead-of-apt-get.ts';
import aptListsLeftBehind from './os-packages/apt-lists-left-behind.ts';
import aptRecommendsInstalled from './os-packages/apt-recommends-installed.ts';
import aptUpdateAlone from './os-packages/apt-update-alone.ts';
import archiveCopiedThenExtracted from './add-copy/archive-copied-then-extracted.ts';
import assumeYesMissing from './os-packages/assume-yes-missing.ts';
import baseImageFloats from './base-image/base-image-floats.ts';
import cacheMountDefeated from './caches/cache-mount-defeated.ts';
import cacheMountMissing from './caches/cache-mount-missing.ts';
import cacheMountWrongTarget from './caches/cache-mount-wrong-target.ts';
import checkDirectiveNotValid from './syntax/check-directive-not-valid.ts';
import constantPlatform from './platform/constant-platform.ts';
import copyDestinationNotADirectory from './add-copy/copy-destination-not-a-directory.ts';
import copyFlagNotValid from './add-copy/copy-flag-not-valid.ts';
import copyFromByNumber from './stages/copy-from-by-number.ts';
import copyFromUrl from './add-copy/copy-from-url.ts';
import copyIgnoredFile from './ignore-file/copy-ignored-file.ts';
import copySourceMissing from './add-copy/copy-source-missing.ts';
import credentialsInUrl from './secrets/credentials-in-url.ts';
import daemonisingStart from './start-command/daemonising-start.ts';
import debianFrontendPersisted from './os-packages/debian-frontend-persisted.ts';
import definitionDescriptionMismatch from './form/definition-description-mismatch.ts';
import deprecatedProductionFlag from './environment/deprecated-production-flag.ts';
import developmentMode from './environment/development-mode.ts';
import developmentServer from './start-command/development-server.ts';
import dnfCacheLeftBehind from './os-packages/dnf-cache-left-behind.ts';
import duplicateStageName from './stages/duplicate-stage-name.ts';
import emptyContinuation from './syntax/empty-continuation.ts';
import emptyTag from './base-image/empty-tag.ts';
import envKeySetTwice from './variables/env-key-set-twice.ts';
import envRefersToItself from './variables/env-refers-to-itself.ts';
import exposeInvalidFormat from './ports/expose-invalid-format.ts';
import exposeNotAPort from './ports/expose-not-a-port.ts';
import exposeProtoCasing from './ports/expose-proto-casing.ts';
import finalStageIsBuildStage from './multi-stage/final-stage-is-build-stage.ts';
import fromAsCasing from './form/from-as-casing.ts';
import healthCheckMissing from './health-check/health-check-missing.ts';
import heredocWithoutErrexit from './downloads/heredoc-without-errexit.ts';
import hostFilesCopied from './ignore-file/host-files-copied.ts';
import ignoreFileMissing from './ignore-file/ignore-file-missing.ts';
import imageWithoutDigest from './base-image/image-without-digest.ts';
import installIgnoresLockfile from './order/install-ignores-lockfile.ts';
import instructionCasing from './form/instruction-casing.ts';
import instructionOverridden from './stages/instruction-overridden.ts';
import invalidDefaultArgInFrom from './variables/invalid-default-arg-in-from.ts';
import labelKeyTwice from './labels/label-key-twice.ts';
import labelsMissing from './labels/labels-missing.ts';
import legacyKeyValue from './form/legacy-key-value.ts';
import maintainerInstruction from './labels/maintainer-instruction.ts';
import malformedExecForm from './start-command/malformed-exec-form.ts';
import manifestWithoutLockfile from './order/manifest-without-lockfile.ts';
import mountNotValid from './syntax/mount-not-valid.ts';
import newerThanSyntax from './syntax/newer-than-syntax.ts';
import nodeEnvBeforeInstall from './environment/node-env-before-install.ts';
import npmCacheLeftBehind from './caches/npm-cache-left-behind.ts';
import osPackagesUpgraded from './os-packages/os-packages-upgraded.ts';
import osReleaseFloats from './base-image/os-release-floats.ts';
import packageManagerAsStart from './start-command/package-manager-as-start.ts';
import packageSignaturesUnchecked from './downloads/package-signatures-unchecked.ts';
import pipCacheLeftBehind from './caches/pip-cache-left-behind.ts';
import pipeWithoutPipefail from './downloads/pipe-without-pipefail.ts';
import plainHttpDownload from './downloads/plain-http-download.ts';
import platformNotValid from './platform/platform-not-valid.ts';
import portExposedTwice from './ports/port-exposed-twice.ts';
import probeCannotFail from './health-check/probe-cannot-fail.ts';
import probeTooEager from './health-check/probe-too-eager.ts';
import probeWithoutProgram from './health-check/probe-without-program.ts';
import redundantTargetPlatform from './platform/redundant-target-platform.ts';
import remoteAddWithoutChecksum from './add-copy/remote-add-without-checksum.ts';
import remoteScriptPipedToShell from './downloads/remote-script-piped-to-shell.ts';
import reservedStageName from './stages/reserved-stage-name.ts';
import rootNeededAfterUser from './user/root-needed-after-user.ts';
import runsAsRoot from './user/runs-as-root.ts';
import secretFileCopied from './secrets/secret-file-copied.ts';
import secretInEnvOrArg from './secrets/secret-in-env-or-arg.ts';
import secretValueInFile from './secrets/secret-value-in-file.ts';
import secretWrittenToLayer from './secrets/secret-written-to-layer.ts';
import shellFormStart from './start-command/shell-form-start.ts';
import shellMissing from './start-command/shell-missing.ts';
import shellSyntaxInExecForm from './start-command/shell-syntax-in-exec-form.ts';
import singleStageBuild from './multi-stage/single-stage-build.ts';
import sourceCopiedBeforeInstall from './order/source-copied-before-install.ts';
import sourceNotAvailable from './stages/source-not-available.ts';
import stageNameCasing from './form/stage-name-casing.ts';
import stopSignalUnknown from './start-command/stop-signal-unknown.ts';
import sudoUsed from './os-packages/sudo-used.ts';
import syntaxError from './syntax/syntax-error.ts';
import tlsVerificationOff from './downloads/tls-verification-off.ts';
import treeChownedAfterCopy from './user/tree-chowned-after-copy.ts';
import undefinedArgInFrom from './variables/undefined-arg-in-from.ts';
import undefinedVariable from './variables/undefined-variable.ts';
import unreachableStage from './stages/unreachable-stage.ts';
import uselessInteractiveCommands from './os-packages/useless-interactive-commands.ts';
import userNotNumeric from './user/user-not-numeric.ts';
import userUnknown from './user/user-unknown.ts';
import volatileBeforeInstall from './order/volatile-before-install.ts';
import volumeEmpty from './syntax/volume-empty.ts';
import wordNotExpandable from './variables/word-not-expandable.ts';
import workdirRelative from './workdir/workdir-relative.ts';
import worldWritable from './user/world-writable.ts';
import yarnCacheLeftBehind from './caches/yarn-cache-left-behind.ts';

export const rules: readonly Rule[] = [
  addForLocalFiles,
  alpineWithNativeDependencies,
  apkIndexLeftBehind,
  aptCacheMountUnlocked,
  aptInsteadOfAptGet,
  aptListsLeftBehind,
  aptRecommendsInstalled,
  aptUpdateAlone,
  archiveCopiedThenExtracted,
  assumeYesMissing,
  baseImageFloats,
  cacheMountDefeated,
  cacheMountMissing,
  cacheMountWrongTarget,
  checkDirectiveNotValid,
  constantPlatform,
  copyDestinationNotADirectory,
  copyFlagNotValid,
  copyFromByNumber,
  copyFromUrl,
  copyIgnoredFile,
  copySourceMissing,
  credentialsInUrl,
  daemonisingStart,
  debianFrontendPersisted,
  definitionDescriptionMismatch,
  deprecatedProductionFlag,
  developmentMode,
  developmentServer,
  dnfCacheLeftBehind,
  duplicateStageName,
  emptyContinuation,
  emptyTag,
  envKeySetTwice,
  envRefersToItself,
  exposeInvalidFormat,
  exposeNotAPort,
  exposeProtoCasing,
  finalStageIsBuildStage,
  fromAsCasing,
  healthCheckMissing,
  heredocWithoutErrexit,
  hostFilesCopied,
  ignoreFileMissing,
  imageWithoutDigest,
  installIgnoresLockfile,
  instructionCasing,
  instructionOverridden,
  invalidDefaultArgInFrom,
  labelKeyTwice,
  labelsMissing,
  legacyKeyValue,
  maintainerInstruction,
  malformedExecForm,
  manifestWithoutLockfile,
  mountNotValid,
  newerThanSyntax,
  nodeEnvBeforeInstall,
  npmCacheLeftBehind,
  osPackagesUpgraded,
  osReleaseFloats,
  packageManagerAsStart,
  packageSignaturesUnchecked,
  pipCacheLeftBehind,
  pipeWithoutPipefail,
  plainHttpDownload,
  platformNotValid,
  portExposedTwice,
  probeCannotFail,
  probeTooEager,
  probeWithoutProgram,
  redundantTargetPlatform,
  remoteAddWithoutChecksum,
  remoteScriptPipedToShell,
  reservedStageName,
  rootNeededAfterUser,
  runsAsRoot,
  secretFileCopied,
  secretInEnvOrArg,
  secretValueInFile,
  secretWrittenToLayer,
  shellFormStart,
  shellMissing,
  shellSyntaxInExecForm,
  singleStageBuild,
  sourceCopiedBeforeInstall,
  sourceNotAvailable,
  stageNameCasing,
  stopSignalUnknown,
  sudoUsed,
  syntaxError,
  tlsVerificationOff,
  treeChownedAfterCopy,
  undefinedArgInFrom,
  undefinedVariable,
  unreachableStage,
  uselessInteractiveCommands,
  userNotNumeric,
  userUnknown,
  volatileBeforeInstall,
  volumeEmpty,
  wordNotExpandable,
  workdirRelative,
  worldWritable,
  yarnCacheLeftBehind,
];
