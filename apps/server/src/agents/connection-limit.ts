export interface ConnectionLimits {
  /** Of one address. */
  readonly each: number;
  readonly all: number;
}

/** Counts open connections by the address that they come from. */
export class ConnectionLimit {
  readonly #limits: ConnectionLimits;
  readonly #open = new Map<string, number>();
  #all = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  /** Takes a place; the function that gives it back, once, or `undefined` where there is none left. */
  take(address: string): (() => void) | undefined {
    const open = this.#open.get(address) ?? 0;
    if (open >= this.#limits.each || this.#all >= this.#limits.all) return undefined;
    this.#open.set(address, open + 1);
    this.#all += 1;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#all -= 1;
      const left = (this.#open.get(address) ?? 1) - 1;
      if (left === 0) this.#open.delete(address);
      else this.#open.set(address, left);
    };
  }
}
