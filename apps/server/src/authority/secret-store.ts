/** Named secrets of the server itself, sealed in the store and part of every backup. */
export interface SecretStore {
  read<Value>(name: string): Promise<Value | undefined>;
  /** On disk when it resolves. */
  write(name: string, value: unknown): Promise<void>;
}
