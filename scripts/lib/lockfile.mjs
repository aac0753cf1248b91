/**
 * @typedef {object} LockedPackage
 * @property {string} version
 * @property {boolean} [dev]
 * @property {string} [license]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {Record<string, string>} [engines]
 */

/** @typedef {Record<string, LockedPackage>} LockedPackages by folder */

/**
 * Optional packages that a lockfile asks for and does not have. npm leaves out what the registry of the moment does not
 * carry, such as binaries of other platforms, and `npm ci` then refuses the lockfile everywhere.
 * @param {LockedPackages} packages
 */
export function missingOptionalPackages(packages) {
  return Object.entries(packages).flatMap(([folder, wanting]) =>
    Object.entries(wanting.optionalDependencies ?? {})
      .filter(([name]) => !canBeFound(packages, folder, name))
      .map(([name, version]) => ({ name, version, wanting })),
  );
}

/**
 * Whether Node would find the package from a folder: in its own node_modules or in one further up.
 * @param {LockedPackages} packages
 * @param {string} folder
 * @param {string} name
 */
function canBeFound(packages, folder, name) {
  const parents = folder
    .split("/node_modules/")
    .map((_, index, parts) => parts.slice(0, index + 1).join("/node_modules/"));
  return ["", ...parents].some((parent) => `${parent === "" ? "" : `${parent}/`}node_modules/${name}` in packages);
}

/**
 * The lockfile's entry of a platform's binary, from its name: `binding-linux-arm64-musl`.
 * @param {ReturnType<typeof missingOptionalPackages>[number]} missing
 */
export function lockedBinary({ name, version, wanting }) {
  const [, os = "", cpu = "", abi = ""] =
    /-(android|darwin|freebsd|linux|openharmony|win32)-([^-]+)-?(.*)$/.exec(name) ?? [];
  if (os === "" || !/^\d/.test(version)) throw new Error(`'${name}' ${version} is not known as a platform's binary.`);
  const libc = os !== "linux" ? [] : abi.startsWith("musl") ? ["musl"] : ["glibc"];
  return {
    version,
    cpu: [cpu],
    ...(wanting.dev ? { dev: true } : {}),
    ...(libc.length > 0 ? { libc } : {}),
    license: wanting.license,
    optional: true,
    os: [os],
    ...(wanting.engines ? { engines: wanting.engines } : {}),
  };
}
