import type { ProgramStep } from './program.ts';

/** What a fake process is connected to. */
export interface ProcessSurroundings {
  print(stream: 'stdout' | 'stderr', data: Uint8Array): void;
  exit(code: number): void;
}

/**
 * One running fake process: a program's steps, or a service that runs until it is ended.
 * INVARIANTS: `exit` is called once, and never after `end`.
 */
export class FakeProcess {
  readonly #surroundings: ProcessSurroundings;
  readonly #steps: ProgramStep[];
  #timer: NodeJS.Timeout | null = null;
  #ended = false;
  #copying = false;
  #pendingInput: Uint8Array[] = [];
  #inputClosed = false;

  constructor(steps: readonly ProgramStep[] | null, surroundings: ProcessSurroundings) {
    this.#steps = steps === null ? [{ type: 'sleep', milliseconds: Number.POSITIVE_INFINITY }] : [...steps];
    this.#surroundings = surroundings;
  }

  start(): void {
    this.#advance();
  }

  /** Ends it from outside, without a call of `exit`. */
  end(): void {
    this.#ended = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  writeInput(data: Uint8Array): void {
    this.#pendingInput.push(data);
    if (this.#copying) this.#copyInput();
  }

  closeInput(): void {
    this.#inputClosed = true;
    if (this.#copying) this.#copyInput();
  }

  #advance(): void {
    for (;;) {
      if (this.#ended) return;
      const step = this.#steps.shift();
      switch (step?.type) {
        case 'print':
          this.#surroundings.print(step.stream, Buffer.from(step.text));
          break;
        case 'sleep':
          if (Number.isFinite(step.milliseconds)) {
            this.#timer = setTimeout(() => this.#advance(), step.milliseconds);
          }
          return;
        case 'copy-input':
          this.#copying = true;
          this.#copyInput();
          return;
        case 'exit':
        case undefined:
          this.#ended = true;
          this.#surroundings.exit(step?.code ?? 0);
          return;
      }
    }
  }

  #copyInput(): void {
    for (const data of this.#pendingInput.splice(0)) this.#surroundings.print('stdout', data);
    if (!this.#inputClosed) return;
    this.#copying = false;
    this.#advance();
  }
}
