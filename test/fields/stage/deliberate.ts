/** Where Drover asks for something else than docker compose on purpose. The pattern is of a line of `differences`. */
export const deliberate: readonly { readonly line: RegExp; readonly reason: string }[] = [
  {
    line: /^containers created-(?:borrower|namespaces|of_service)-1 Config Labels com\.docker\.compose\.config-hash: /,
    reason: 'the hash of a service that borrows from another container holds its id; compared for all others',
  },
  {
    line: /^containers \S+borrower-1 HostConfig VolumesFrom: /,
    reason: 'docker compose loses the access mode of `volumes_from: [SERVICE:ro]`, so that the container could write',
  },
  {
    line: /^containers \S+borrower-1 Mounts: /,
    reason: 'follows from the access mode',
  },
  {
    line: /^containers \S+ NetworkSettings Networks \S+ IPv6Gateway: /,
    reason: 'docker compose writes `ipv6_address` into this field, which the engine overwrites at the start',
  },
];
