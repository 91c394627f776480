/**
 * Milliseconds of processor time that the test run has taken so far. A limit on it holds on a busy machine too, where the clock goes on
 * while others work; other threads of the run count along, so limits leave room for them.
 */
export function cpuNow(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
