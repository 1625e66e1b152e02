import { EngineHttp } from './engine-http.ts';

/** A container of a project as the engine shows it. */
export interface SeenContainer {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly number: number;
  readonly oneOff: boolean;
  readonly state: string;
  /** `healthy`, `unhealthy`, `starting`, or `none` where there is no check. */
  readonly health: string;
  readonly exitCode: number;
  readonly startedAt: string;
  readonly image: string;
  readonly imageId: string;
  readonly env: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly mounts: readonly { readonly type: string; readonly name: string; readonly destination: string }[];
  /** Network name → address. */
  readonly addresses: Readonly<Record<string, string>>;
}

interface Inspect {
  Id: string;
  Name: string;
  Image: string;
  State: { Status: string; ExitCode: number; StartedAt: string; Health?: { Status: string } };
  Config: { Image: string; Env: string[] | null; Labels: Record<string, string> };
  Mounts: { Type: string; Name?: string; Source: string; Destination: string }[];
  NetworkSettings: { Networks: Record<string, { IPAddress: string }> };
}

/** What stands in an engine, asked of the engine itself. */
export class EngineState {
  readonly http: EngineHttp;

  constructor(socketPath: string) {
    this.http = new EngineHttp(socketPath);
  }

  /** Every container of a project, stopped ones too, by name. */
  async containers(project: string): Promise<SeenContainer[]> {
    const filter = encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${project}`] }));
    const listed = await this.http.json<{ Id: string }[]>('GET', `/containers/json?all=1&filters=${filter}`);
    const seen = await Promise.all(listed.map(({ Id }) => this.container(Id)));
    return seen.filter((each) => each !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** The containers of one service, by number. */
  async service(project: string, service: string): Promise<SeenContainer[]> {
    const all = await this.containers(project);
    return all.filter((each) => each.service === service).sort((a, b) => a.number - b.number);
  }

  /** Service-number → id of what is not one-off: equal before and after where nothing was made anew. */
  async ids(project: string): Promise<Record<string, string>> {
    const all = await this.containers(project);
    return Object.fromEntries(
      all.filter((each) => !each.oneOff).map((each) => [`${each.service}-${each.number}`, each.id]),
    );
  }

  /** One container, or undefined where there is none any more. */
  async container(id: string): Promise<SeenContainer | undefined> {
    const answer = await this.http.call('GET', `/containers/${encodeURIComponent(id)}/json`);
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw new Error(`inspecting ${id}: ${answer.status} ${answer.text}`);
    const found = JSON.parse(answer.text) as Inspect;
    const labels = found.Config.Labels ?? {};
    return {
      id: found.Id,
      name: found.Name.slice(1),
      service: labels['com.docker.compose.service'] ?? '',
      number: Number(labels['com.docker.compose.container-number'] ?? 0),
      oneOff: labels['com.docker.compose.oneoff'] === 'True',
      state: found.State.Status,
      health: found.State.Health?.Status ?? 'none',
      exitCode: found.State.ExitCode,
      startedAt: found.State.StartedAt,
      image: found.Config.Image,
      imageId: found.Image,
      env: found.Config.Env ?? [],
      labels,
      mounts: found.Mounts.map((mount) => ({
        type: mount.Type,
        name: mount.Name ?? mount.Source,
        destination: mount.Destination,
      })),
      addresses: Object.fromEntries(
        Object.entries(found.NetworkSettings.Networks).map(([name, at]) => [name, at.IPAddress]),
      ),
    };
  }

  /** The names of a project's networks. */
  async networks(project: string): Promise<string[]> {
    const filter = encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${project}`] }));
    const found = await this.http.json<{ Name: string }[]>('GET', `/networks?filters=${filter}`);
    return found.map(({ Name }) => Name).sort();
  }

  /** The names of a project's volumes. */
  async volumes(project: string): Promise<string[]> {
    const filter = encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${project}`] }));
    const found = await this.http.json<{ Volumes: { Name: string }[] | null }>('GET', `/volumes?filters=${filter}`);
    return (found.Volumes ?? []).map(({ Name }) => Name).sort();
  }

  /** All that stands in the engine, whoever made it: equal before and after where nothing was done. */
  async everything(): Promise<string[]> {
    const [containers, networks, volumes] = await Promise.all([
      this.http.json<{ Id: string; Names: string[]; State: string }[]>('GET', '/containers/json?all=1'),
      this.http.json<{ Id: string; Name: string }[]>('GET', '/networks'),
      this.http.json<{ Volumes: { Name: string }[] | null }>('GET', '/volumes'),
    ]);
    return [
      ...containers.map((each) => `container ${each.Names.join(',')} ${each.Id.slice(0, 12)} ${each.State}`),
      ...networks.map((each) => `network ${each.Name} ${each.Id.slice(0, 12)}`),
      ...(volumes.Volumes ?? []).map((each) => `volume ${each.Name}`),
    ].sort();
  }

  /** The id of a local image. */
  async imageId(reference: string): Promise<string> {
    return (await this.http.json<{ Id: string }>('GET', `/images/${encodeURIComponent(reference)}/json`)).Id;
  }

  /** Takes away every container, network of a user and volume, whoever made it. */
  async clear(): Promise<void> {
    const containers = await this.http.json<{ Id: string }[]>('GET', '/containers/json?all=1');
    await Promise.all(containers.map(({ Id }) => this.http.call('DELETE', `/containers/${Id}?force=1&v=1`)));
    const networks = await this.http.json<{ Id: string; Name: string }[]>('GET', '/networks');
    const own = networks.filter(({ Name }) => !['bridge', 'host', 'none'].includes(Name));
    await Promise.all(own.map(({ Id }) => this.http.call('DELETE', `/networks/${Id}`)));
    const volumes = await this.http.json<{ Volumes: { Name: string }[] | null }>('GET', '/volumes');
    const names = (volumes.Volumes ?? []).map(({ Name }) => Name);
    await Promise.all(names.map((name) => this.http.call('DELETE', `/volumes/${name}?force=1`)));
  }
}
