export interface SystemOptions {
  readonly version: string;
  readonly dataDir: string;
  readonly backUp: () => { readonly path: string; readonly sizeBytes: number };
}

/** Drover itself. */
export class SystemService {
  readonly #options: SystemOptions;

  constructor(options: SystemOptions) {
    this.#options = options;
  }

  about(): { version: string; dataDir: string } {
    const { version, dataDir } = this.#options;
    return { version, dataDir };
  }

  backup(): { path: string; sizeBytes: number } {
    return this.#options.backUp();
  }
}
