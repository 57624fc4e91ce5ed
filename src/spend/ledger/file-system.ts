// File system: is this folder on a disk that SQLite's locks and shared memory work on? Answers with a name for what it
// refuses, and with nothing for what is fine.

import { readFileSync, realpathSync, statfsSync } from "node:fs";

/** Looks at a folder; `null`: fit for a ledger, otherwise the name of what it is. */
export type FileSystemCheck = (directory: string) => string | null;

// Magic numbers of <linux/magic.h> and the kernel sources, Linux 6.18, 2026-11-22. WAL needs memory shared between
// processes, which none of these gives to two machines. Source: sqlite.org/wal.html, "does not work over a network".
const networkTypes: Readonly<Record<number, string>> = {
  0x6969: "NFS",
  0x517b: "SMB",
  0xff534d42: "CIFS",
  0xfe534d42: "SMB2",
  0x01021997: "9p",
  0x5346414f: "AFS",
  0x00c36400: "Ceph",
  0x73757245: "Coda",
  0x564c: "NCP",
  0x0bd00bd0: "Lustre",
  0x47504653: "GPFS",
  0x01161970: "GFS2",
  0x7461636f: "OCFS2",
  0x786f4256: "VirtualBox shared folder",
  0xbacbacbc: "VMware shared folder",
};
const FUSE = 0x65735546;

/** FUSE file systems whose data is on a local disk; lazyfs is the one that power-cut tests use. */
const localFuse = new Set([
  "fuseblk",
  "fuse.gocryptfs",
  "fuse.encfs",
  "fuse.bindfs",
  "fuse.mergerfs",
  "fuse.lazyfs",
  "fuse.fuse-overlayfs",
]);

/** Node's and the kernel's answers, replaceable in tests. */
export interface FileSystemSources {
  readonly statfs: (directory: string) => { readonly type: number };
  /** Text of `/proc/self/mountinfo`. */
  readonly mounts: () => string;
  readonly platform: string;
}

const ownSources: FileSystemSources = {
  statfs: (directory) => statfsSync(directory),
  mounts: () => readFileSync("/proc/self/mountinfo", "utf8"),
  platform: process.platform,
};

/** The default check. On Linux by type; on Windows by UNC paths; on macOS the numbers are not stable, so nothing is refused there. */
export function findNetworkFileSystem(directory: string, sources: FileSystemSources = ownSources): string | null {
  if (sources.platform === "win32") return /^[\\/]{2}[^?.]/.test(directory) ? "network share" : null;
  if (sources.platform !== "linux") return null;
  const type = sources.statfs(directory).type >>> 0;
  if (type === FUSE) {
    const name = mountType(directory, sources);
    return name !== undefined && localFuse.has(name) ? null : (name ?? "FUSE");
  }
  return networkTypes[type] ?? null;
}

/** Type of the innermost mount that holds the folder. Line format: proc(5), `… mountpoint … - type source options`. */
function mountType(directory: string, sources: FileSystemSources): string | undefined {
  let best: { point: string; type: string } | undefined;
  try {
    const real = realpathSync(directory);
    for (const line of sources.mounts().split("\n")) {
      const point = line
        .split(" ")[4]
        ?.replace(/\\([0-7]{3})/g, (_whole, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
      const type = / - (\S+) /.exec(line)?.[1];
      if (point === undefined || type === undefined) continue;
      const holds = real === point || real.startsWith(point.endsWith("/") ? point : `${point}/`);
      if (holds && point.length >= (best?.point.length ?? 0)) best = { point, type };
    }
  } catch {
    return undefined;
  }
  return best?.type;
}
