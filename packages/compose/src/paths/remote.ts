/** Whether an address is one of another scheme (git, OCI, HTTP) and no path. */
export function isRemoteAddress(address: string): boolean {
  return /^(?:oci|https?|git|ssh):\/\//.test(address) || /^(?:git@|github\.com\/)/.test(address);
}
