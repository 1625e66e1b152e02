/** Whether a cache of a build (`cache_from`, `cache_to`) lies in a folder of whoever builds: `type=local,src=…`. */
export function isFolderCache(cache: string): boolean {
  return /(^|,)type=local(,|$)/.test(cache);
}
