// Made by `npm run gen`. Do not edit.
import type { RuleDocs } from './define.ts';
import { docs as addForLocalFiles } from './add-copy/add-for-local-files.ts';
import { docs as alpineWithNativeDependencies } from './base-image/alpine-with-native-dependencies.ts';
import { docs as apkIndexLeftBehind } from './os-packages/apk-index-left-behind.ts';
import { docs as aptCacheMountUnlocked } from './caches/apt-cache-mount-unlocked.ts';
import { docs as aptInsteadOfAptGet } from './os-packages/apt-instead-of-apt-get.ts';
import { docs as aptListsLeftBehind } from './os-packages/apt-lists-left-behind.ts';
import { docs as aptRecommendsInstalled } from './os-packages/apt-recommends-installed.ts';
import { docs as aptUpdateAlone } from './os-packages/apt-update-alone.ts';
import { docs as archiveCopiedThenExtracted } from './add-copy/archive-copied-then-extracted.ts';
import { docs as assumeYesMissing } from './os-packages/assume-yes-missing.ts';
import { docs as baseImageFloats } from './base-image/base-image-floats.ts';
import { docs as cacheMountDefeated } from './caches/cache-mount-defeated.ts';
import { docs as cacheMountMissing } from './caches/cache-mount-missing.ts';
import { docs as cacheMountWrongTarget } from './caches/cache-mount-wrong-target.ts';
import { docs as checkDirectiveNotValid } from './syntax/check-directive-not-valid.ts';
import { docs as constantPlatform } from './platform/constant-platform.ts';
import { docs as copyDestinationNotADirectory } from './add-copy/copy-destination-not-a-directory.ts';
import { docs as copyFlagNotValid } from './add-copy/copy-flag-not-valid.ts';
import { docs as copyFromByNumber } from './stages/copy-from-by-number.ts';
import { docs as copyFromUrl } from './add-copy/copy-from-url.ts';
import { docs as copyIgnoredFile } from './ignore-file/copy-ignored-file.ts';
import { docs as copySourceMissing } from './add-copy/copy-source-missing.ts';
import { docs as credentialsInUrl } from './secrets/credentials-in-url.ts';
import { docs as daemonisingStart } from './start-command/daemonising-start.ts';
import { docs as debianFrontendPersisted } from './os-packages/debian-frontend-persisted.ts';
import { docs as definitionDescriptionMismatch } from './form/definition-description-mismatch.ts';
import { docs as deprecatedProductionFlag } from './environment/deprecated-production-flag.ts';
import { docs as developmentMode } from './environment/development-mode.ts';
import { docs as developmentServer } from './start-command/development-server.ts';
import { docs as dnfCacheLeftBehind } from './os-packages/dnf-cache-left-behind.ts';
import { docs as duplicateStageName } from './stages/duplicate-stage-name.ts';
import { docs as emptyContinuation } from './syntax/empty-continuation.ts';
import { docs as emptyTag } from './base-image/empty-tag.ts';
import { docs as envKeySetTwice } from './variables/env-key-set-twice.ts';
import { docs as envRefersToItself } from './variables/env-refers-to-itself.ts';
import { docs as exposeInvalidFormat } from './ports/expose-invalid-format.ts';
import { docs as exposeNotAPort } from './ports/expose-not-a-port.ts';
import { docs as exposeProtoCasing } from './ports/expose-proto-casing.ts';
import { docs as finalStageIsBuildStage } from './multi-stage/final-stage-is-build-stage.ts';
import { docs as fromAsCasing } from './form/from-as-casing.ts';
import { docs as healthCheckMissing } from './health-check/health-check-missing.ts';
import { docs as heredocWithoutErrexit } from './downloads/heredoc-without-errexit.ts';
import { docs as hostFilesCopied } from './ignore-file/host-files-copied.ts';
import { docs as ignoreFileMissing } from './ignore-file/ignore-file-missing.ts';
import { docs as imageWithoutDigest } from './base-image/image-without-digest.ts';
import { docs as installIgnoresLockfile } from './order/install-ignores-lockfile.ts';
import { docs as instructionCasing } from './form/instruction-casing.ts';
import { docs as instructionOverridden } from './stages/instruction-overridden.ts';
import { docs as invalidDefaultArgInFrom } from './variables/invalid-default-arg-in-from.ts';
import { docs as labelKeyTwice } from './labels/label-key-twice.ts';
import { docs as labelsMissing } from './labels/labels-missing.ts';
import { docs as legacyKeyValue } from './form/legacy-key-value.ts';
import { docs as maintainerInstruction } from './labels/maintainer-instruction.ts';
import { docs as malformedExecForm } from './start-command/malformed-exec-form.ts';
import { docs as manifestWithoutLockfile } from './order/manifest-without-lockfile.ts';
import { docs as mountNotValid } from './syntax/mount-not-valid.ts';
import { docs as newerThanSyntax } from './syntax/newer-than-syntax.ts';
import { docs as nodeEnvBeforeInstall } from './environment/node-env-before-install.ts';
import { docs as npmCacheLeftBehind } from './caches/npm-cache-left-behind.ts';
import { docs as osPackagesUpgraded } from './os-packages/os-packages-upgraded.ts';
import { docs as osReleaseFloats } from './base-image/os-release-floats.ts';
import { docs as packageManagerAsStart } from './start-command/package-manager-as-start.ts';
import { docs as packageSignaturesUnchecked } from './downloads/package-signatures-unchecked.ts';
import { docs as pipCacheLeftBehind } from './caches/pip-cache-left-behind.ts';
import { docs as pipeWithoutPipefail } from './downloads/pipe-without-pipefail.ts';
import { docs as plainHttpDownload } from './downloads/plain-http-download.ts';
import { docs as platformNotValid } from './platform/platform-not-valid.ts';
import { docs as portExposedTwice } from './ports/port-exposed-twice.ts';
import { docs as probeCannotFail } from './health-check/probe-cannot-fail.ts';
import { docs as probeTooEager } from './health-check/probe-too-eager.ts';
import { docs as probeWithoutProgram } from './health-check/probe-without-program.ts';
import { docs as redundantTargetPlatform } from './platform/redundant-target-platform.ts';
import { docs as remoteAddWithoutChecksum } from './add-copy/remote-add-without-checksum.ts';
import { docs as remoteScriptPipedToShell } from './downloads/remote-script-piped-to-shell.ts';
import { docs as reservedStageName } from './stages/reserved-stage-name.ts';
import { docs as rootNeededAfterUser } from './user/root-needed-after-user.ts';
import { docs as runsAsRoot } from './user/runs-as-root.ts';
import { docs as secretFileCopied } from './secrets/secret-file-copied.ts';
import { docs as secretInEnvOrArg } from './secrets/secret-in-env-or-arg.ts';
import { docs as secretValueInFile } from './secrets/secret-value-in-file.ts';
import { docs as secretWrittenToLayer } from './secrets/secret-written-to-layer.ts';
import { docs as shellFormStart } from './start-command/shell-form-start.ts';
import { docs as shellMissing } from './start-command/shell-missing.ts';
import { docs as shellSyntaxInExecForm } from './start-command/shell-syntax-in-exec-form.ts';
import { docs as singleStageBuild } from './multi-stage/single-stage-build.ts';
import { docs as sourceCopiedBeforeInstall } from './order/source-copied-before-install.ts';
import { docs as sourceNotAvailable } from './stages/source-not-available.ts';
import { docs as stageNameCasing } from './form/stage-name-casing.ts';
import { docs as stopSignalUnknown } from './start-command/stop-signal-unknown.ts';
import { docs as sudoUsed } from './os-packages/sudo-used.ts';
import { docs as syntaxError } from './syntax/syntax-error.ts';
import { docs as tlsVerificationOff } from './downloads/tls-verification-off.ts';
import { docs as treeChownedAfterCopy } from './user/tree-chowned-after-copy.ts';
import { docs as undefinedArgInFrom } from './variables/undefined-arg-in-from.ts';
import { docs as undefinedVariable } from './variables/undefined-variable.ts';
import { docs as unreachableStage } from './stages/unreachable-stage.ts';
import { docs as uselessInteractiveCommands } from './os-packages/useless-interactive-commands.ts';
import { docs as userNotNumeric } from './user/user-not-numeric.ts';
import { docs as userUnknown } from './user/user-unknown.ts';
import { docs as volatileBeforeInstall } from './order/volatile-before-install.ts';
import { docs as volumeEmpty } from './syntax/volume-empty.ts';
import { docs as wordNotExpandable } from './variables/word-not-expandable.ts';
import { docs as workdirRelative } from './workdir/workdir-relative.ts';
import { docs as worldWritable } from './user/world-writable.ts';
import { docs as yarnCacheLeftBehind } from './caches/yarn-cache-left-behind.ts';

export const docs: Readonly<Record<string, RuleDocs>> = {
  'add-for-local-files': addForLocalFiles,
  'alpine-with-native-dependencies': alpineWithNativeDependencies,
  'apk-index-left-behind': apkIndexLeftBehind,
  'apt-cache-mount-unlocked': aptCacheMountUnlocked,
  'apt-instead-of-apt-get': aptInsteadOfAptGet,
  'apt-lists-left-behind': aptListsLeftBehind,
  'apt-recommends-installed': aptRecommendsInstalled,
  'apt-update-alone': aptUpdateAlone,
  'archive-copied-then-extracted': archiveCopiedThenExtracted,
  'assume-yes-missing': assumeYesMissing,
  'base-image-floats': baseImageFloats,
  'cache-mount-defeated': cacheMountDefeated,
  'cache-mount-missing': cacheMountMissing,
  'cache-mount-wrong-target': cacheMountWrongTarget,
  'check-directive-not-valid': checkDirectiveNotValid,
  'constant-platform': constantPlatform,
  'copy-destination-not-a-directory': copyDestinationNotADirectory,
  'copy-flag-not-valid': copyFlagNotValid,
  'copy-from-by-number': copyFromByNumber,
  'copy-from-url': copyFromUrl,
  'copy-ignored-file': copyIgnoredFile,
  'copy-source-missing': copySourceMissing,
  'credentials-in-url': credentialsInUrl,
  'daemonising-start': daemonisingStart,
  'debian-frontend-persisted': debianFrontendPersisted,
  'definition-description-mismatch': definitionDescriptionMismatch,
  'deprecated-production-flag': deprecatedProductionFlag,
  'development-mode': developmentMode,
  'development-server': developmentServer,
  'dnf-cache-left-behind': dnfCacheLeftBehind,
  'duplicate-stage-name': duplicateStageName,
  'empty-continuation': emptyContinuation,
  'empty-tag': emptyTag,
  'env-key-set-twice': envKeySetTwice,
  'env-refers-to-itself': envRefersToItself,
  'expose-invalid-format': exposeInvalidFormat,
  'expose-not-a-port': exposeNotAPort,
  'expose-proto-casing': exposeProtoCasing,
  'final-stage-is-build-stage': finalStageIsBuildStage,
  'from-as-casing': fromAsCasing,
  'health-check-missing': healthCheckMissing,
  'heredoc-without-errexit': heredocWithoutErrexit,
  'host-files-copied': hostFilesCopied,
  'ignore-file-missing': ignoreFileMissing,
  'image-without-digest': imageWithoutDigest,
  'install-ignores-lockfile': installIgnoresLockfile,
  'instruction-casing': instructionCasing,
  'instruction-overridden': instructionOverridden,
  'invalid-default-arg-in-from': invalidDefaultArgInFrom,
  'label-key-twice': labelKeyTwice,
  'labels-missing': labelsMissing,
  'legacy-key-value': legacyKeyValue,
  'maintainer-instruction': maintainerInstruction,
  'malformed-exec-form': malformedExecForm,
  'manifest-without-lockfile': manifestWithoutLockfile,
  'mount-not-valid': mountNotValid,
  'newer-than-syntax': newerThanSyntax,
  'node-env-before-install': nodeEnvBeforeInstall,
  'npm-cache-left-behind': npmCacheLeftBehind,
  'os-packages-upgraded': osPackagesUpgraded,
  'os-release-floats': osReleaseFloats,
  'package-manager-as-start': packageManagerAsStart,
  'package-signatures-unchecked': packageSignaturesUnchecked,
  'pip-cache-left-behind': pipCacheLeftBehind,
  'pipe-without-pipefail': pipeWithoutPipefail,
  'plain-http-download': plainHttpDownload,
  'platform-not-valid': platformNotValid,
  'port-exposed-twice': portExposedTwice,
  'probe-cannot-fail': probeCannotFail,
  'probe-too-eager': probeTooEager,
  'probe-without-program': probeWithoutProgram,
  'redundant-target-platform': redundantTargetPlatform,
  'remote-add-without-checksum': remoteAddWithoutChecksum,
  'remote-script-piped-to-shell': remoteScriptPipedToShell,
  'reserved-stage-name': reservedStageName,
  'root-needed-after-user': rootNeededAfterUser,
  'runs-as-root': runsAsRoot,
  'secret-file-copied': secretFileCopied,
  'secret-in-env-or-arg': secretInEnvOrArg,
  'secret-value-in-file': secretValueInFile,
  'secret-written-to-layer': secretWrittenToLayer,
  'shell-form-start': shellFormStart,
  'shell-missing': shellMissing,
  'shell-syntax-in-exec-form': shellSyntaxInExecForm,
  'single-stage-build': singleStageBuild,
  'source-copied-before-install': sourceCopiedBeforeInstall,
  'source-not-available': sourceNotAvailable,
  'stage-name-casing': stageNameCasing,
  'stop-signal-unknown': stopSignalUnknown,
  'sudo-used': sudoUsed,
  'syntax-error': syntaxError,
  'tls-verification-off': tlsVerificationOff,
  'tree-chowned-after-copy': treeChownedAfterCopy,
  'undefined-arg-in-from': undefinedArgInFrom,
  'undefined-variable': undefinedVariable,
  'unreachable-stage': unreachableStage,
  'useless-interactive-commands': uselessInteractiveCommands,
  'user-not-numeric': userNotNumeric,
  'user-unknown': userUnknown,
  'volatile-before-install': volatileBeforeInstall,
  'volume-empty': volumeEmpty,
  'word-not-expandable': wordNotExpandable,
  'workdir-relative': workdirRelative,
  'world-writable': worldWritable,
  'yarn-cache-left-behind': yarnCacheLeftBehind,
};
