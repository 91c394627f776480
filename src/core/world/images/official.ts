/** What images of docker-library have in common where nothing else is known. */
export const OFFICIAL = { user: 'root', healthcheck: false, onbuild: false } as const;
/** Starts as root; its entrypoint changes to an account of its own by gosu or su-exec. */
export const DROPS = { ...OFFICIAL, dropsPrivileges: true } as const;
