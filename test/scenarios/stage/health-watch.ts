import type { EngineState } from './engine-state.ts';

interface EngineEvent {
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/** Counts the healthy containers of a service at every event about them, and keeps the least that there were. */
export class HealthWatch {
  readonly #healthy: Set<string>;
  readonly #stop: () => void;
  #least: number;

  private constructor(state: EngineState, project: string, service: string, healthy: readonly string[]) {
    this.#healthy = new Set(healthy);
    this.#least = this.#healthy.size;
    const filter = { type: ['container'], label: [`com.docker.compose.project=${project}`] };
    this.#stop = state.http.follow(`/events?filters=${encodeURIComponent(JSON.stringify(filter))}`, (line) => {
      const { Action, Actor } = line as EngineEvent;
      if (Actor.Attributes['com.docker.compose.service'] !== service) return;
      if (Action === 'health_status: healthy') this.#healthy.add(Actor.ID);
      // A container that was told to end serves no one any more, however long it takes over it.
      if (['kill', 'die', 'destroy', 'health_status: unhealthy'].includes(Action)) this.#healthy.delete(Actor.ID);
      this.#least = Math.min(this.#least, this.#healthy.size);
    });
  }

  static async start(state: EngineState, project: string, service: string): Promise<HealthWatch> {
    const now = await state.service(project, service);
    const healthy = now.filter((each) => each.health === 'healthy').map((each) => each.id);
    return new HealthWatch(state, project, service, healthy);
  }

  /** The least number of healthy containers since the start, and how many there are now. */
  stop(): { readonly least: number; readonly now: number } {
    this.#stop();
    return { least: this.#least, now: this.#healthy.size };
  }
}
