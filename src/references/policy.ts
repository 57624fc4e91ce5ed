// Policy: which files and addresses references may come from. The command line lets its user name anything;
// a library or server that passes on what somebody else wrote says where the limits are.

export interface ReferencePolicy {
  /**
   * Folders that files may be read from, absolute, with everything below them and no way out of them; or `anything`: whatever
   * is named. Devices, pipes, folders and the kernel's own files are refused in either case.
   */
  readonly files: readonly string[] | "anything";
  /** Addresses that may be downloaded from. `http` allows unencrypted ones as well. Never a private network, whatever is set. */
  readonly urls: "none" | "https" | "http";
  /** Only these hosts, to the letter. Default: any public host. */
  readonly hosts?: readonly string[];
}
