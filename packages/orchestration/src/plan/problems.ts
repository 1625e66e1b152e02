import type { Origin, Path } from '@drover/compose';
import { PlanError, type PlanErrorCode, type PlanProblem } from '../model/errors.ts';
import type { Notice } from '../model/plan.ts';

/** Gathers what stands against a plan, so that an author learns of everything at once. */
export class Findings {
  readonly #provenance: ((path: Path) => Origin | undefined) | undefined;
  readonly #problems: PlanProblem[] = [];
  readonly #notices: Notice[] = [];

  constructor(provenance: ((path: Path) => Origin | undefined) | undefined) {
    this.#provenance = provenance;
  }

  problem(code: PlanErrorCode, message: string, path: Path): void {
    this.#problems.push({ code, message, ...serviceOf(path), ...this.#place(path) });
  }

  notice(message: string, path: Path): void {
    this.#notices.push({ message, ...serviceOf(path), ...this.#place(path) });
  }

  get notices(): readonly Notice[] {
    return this.#notices;
  }

  /** Throws when there was a problem. */
  settle(project: string): void {
    if (this.#problems.length > 0) throw new PlanError(project, this.#problems);
  }

  #place(path: Path): { readonly origin?: Origin } {
    const origin = this.#provenance?.(path);
    return origin === undefined ? {} : { origin };
  }
}

function serviceOf(path: Path): { readonly service?: string } {
  return path[0] === 'services' && typeof path[1] === 'string' ? { service: path[1] } : {};
}
