// Starts the program from its bundle, with V8's compiled code kept from the run before: compiling costs more than linting.
// A code cache is executable code, so it lies in a directory that only its user can write to; whatever is wrong with it,
// the program starts without.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { Script } = require('node:vm');

const mostMicroseconds = 500_000;
const bundle = path.join(__dirname, 'check.cjs');
// The build writes it in ASCII, as a function of what a CommonJS module is given.
const source = fs.readFileSync(bundle, 'latin1');
const file = cacheFile();
const cachedData = file === undefined ? undefined : readCache(file);
const script = new Script(source, cachedData === undefined ? { filename: bundle } : { filename: bundle, cachedData });
if (!IS_THREAD && file !== undefined && (cachedData === undefined || script.cachedDataRejected)) {
  // At the end the cache holds the functions that were really called. After a long run those are more than a start needs,
  // and all of them would be loaded each time; after --version they are too few for every later run.
  process.once('exit', () => {
    const { user, system } = process.cpuUsage();
    if (main.exports.hasLinted() && user + system < mostMicroseconds) writeCache(file, script.createCachedData());
  });
}
const main = { exports: {} };
script.runInThisContext()(main.exports, require, main, bundle, __dirname);
// The build makes two programs of this file: that of the main thread, and that of the threads that help it.
if (IS_THREAD) main.exports.startThread();
else main.exports.start(path.join(__dirname, 'thread.cjs'));

/** Named after everything that makes compiled code unusable; undefined when there is no safe place for it. */
function cacheFile() {
  const { env, platform } = process;
  if (env.LAYERWISE_CACHE === 'off') return undefined;
  const base =
    env.XDG_CACHE_HOME || (platform === 'win32' ? env.LOCALAPPDATA : env.HOME && path.join(env.HOME, '.cache'));
  if (!base || !path.isAbsolute(base)) return undefined;
  const directory = path.join(base, 'layerwise');
  if (!isOurs(directory)) return undefined;
  const { size, mtimeMs } = fs.statSync(bundle);
  return path.join(directory, `LAYERWISE_BUILD-${process.version}-${process.arch}-${size}-${Math.trunc(mtimeMs)}.bin`);
}

/** A directory, not a link, of this user, that nobody else may write to or read; made when it is missing. */
function isOurs(directory) {
  try {
    let stat = fs.lstatSync(directory, { throwIfNoEntry: false });
    if (stat === undefined) {
      fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
      stat = fs.lstatSync(directory);
    }
    return stat.isDirectory() && isMine(stat);
  } catch {
    return false;
  }
}

/** Windows has neither: there the user's own folder is what protects it. */
function isMine(stat) {
  return process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o077) === 0);
}

function readCache(file) {
  let descriptor;
  try {
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | (fs.constants.O_NOFOLLOW || 0));
    const stat = fs.fstatSync(descriptor);
    return stat.isFile() && isMine(stat) ? undamaged(fs.readFileSync(descriptor)) : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}

/**
 * V8 crashes on a damaged cache instead of rejecting it, so it is kept twice and counts when both are equal: comparing
 * takes a tenth of a millisecond, a checksum in code that is not compiled yet takes five.
 */
function undamaged(bytes) {
  const first = bytes.subarray(0, bytes.length / 2);
  return bytes.length > 0 && first.equals(bytes.subarray(first.length)) ? first : undefined;
}

function writeCache(file, data) {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    fs.writeFileSync(temporary, Buffer.concat([data, data]), { mode: 0o600, flag: 'wx' });
    fs.renameSync(temporary, file);
    removeOld(path.dirname(file), path.basename(file));
  } catch {
    fs.rmSync(temporary, { force: true });
  }
}

/** Caches of versions that were replaced long ago. */
function removeOld(directory, current) {
  const monthAgo = Date.now() - 30 * 24 * 3600 * 1000;
  for (const name of fs.readdirSync(directory)) {
    const other = path.join(directory, name);
    if (name !== current && fs.lstatSync(other).mtimeMs < monthAgo) fs.rmSync(other, { force: true });
  }
}
