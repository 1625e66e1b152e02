import type { Model } from '../bind/bind.ts';
import { ComposeError } from '../diagnostics/compose-error.ts';
import { parseDotenv, type Variables } from '../dotenv/parse.ts';
import { parseRawEnv } from '../dotenv/parse-raw.ts';
import type { Service } from '../model/service.ts';
import type { EnvFile } from '../model/service-parts.ts';
import { compareCodePoints } from '../tree/order.ts';
import type { Session } from './session.ts';

/** In values of the work that is allowed: one is read, kept and sorted. */
const costOfVariable = 2;

/** A service with its env files read into `environment`, bare names given their values; null is what stays unset. */
export async function withEnvironment(
  name: string,
  service: Service,
  environment: ReadonlyMap<string, string>,
  session: Session,
): Promise<Service> {
  if (service.env_file === undefined && isComplete(service.environment)) return service;
  const own = new Map<string, string | null>();
  for (const [key, value] of Object.entries(service.environment ?? {})) {
    own.set(key, value ?? environment.get(key) ?? null);
  }
  const variables: Variables = new Map();
  for (const [key, value] of own) if (value !== null) variables.set(key, value);
  const lookup = (key: string): string | undefined => environment.get(key) ?? own.get(key) ?? undefined;
  for (const [index, file] of (service.env_file ?? []).entries()) {
    const path = ['services', name, 'env_file', index];
    const { uri, required, format } = longEnvFile(file);
    if (!required && (await session.kind(uri)) === 'missing') {
      session.need('env-file', uri, false);
      continue;
    }
    const source = await session.read(uri, 'env-file', { path });
    parseFile(uri, path, () => {
      if (format === 'raw') parseRawEnv(source.text, variables, lookup);
      else if (format === '' || format === '.env') {
        parseDotenv(source.text, variables, lookup, { budget: session.budget });
      } else throw new ComposeError('env-file', `${JSON.stringify(format)} is no format: raw is the only other one`);
    });
    session.spendValues(costOfVariable * variables.size, { path });
  }
  const { env_file: _read, ...rest } = service;
  return replaced(rest, 'environment', sortedRecord(new Map<string, string | null>([...variables, ...own])));
}

function isComplete(environment: Service['environment']): boolean {
  for (const key in environment) if (environment[key] === null) return false;
  return true;
}

/** A service with its label files read into `labels`. Their paths stay: docker compose hashes them with the rest. */
export async function withLabels(name: string, service: Service, session: Session): Promise<Service> {
  if (service.label_file === undefined) return service;
  const labels: Variables = new Map();
  for (const [index, uri] of service.label_file.entries()) {
    const path = ['services', name, 'label_file', index];
    const source = await session.read(uri, 'label-file', { path });
    const added: Variables = new Map();
    parseFile(uri, path, () => {
      parseDotenv(source.text, added, (key) => labels.get(key), { budget: session.budget });
    });
    for (const [key, value] of added) labels.set(key, value);
    session.spendValues(costOfVariable * labels.size, { path });
  }
  for (const [key, value] of Object.entries(service.labels ?? {})) labels.set(key, value);
  return replaced(service, 'labels', sortedRecord(labels));
}

function longEnvFile(file: EnvFile): { readonly uri: string; readonly required: boolean; readonly format: string } {
  if (typeof file === 'string') return { uri: file, required: true, format: '' };
  return { uri: file.path ?? '', required: file.required, format: file.format ?? '' };
}

function parseFile(uri: string, path: (string | number)[], parse: () => void): void {
  try {
    parse();
  } catch (thrown) {
    if (!(thrown instanceof ComposeError)) throw thrown;
    throw new ComposeError(thrown.code, `${uri}, ${thrown.message}`, { path });
  }
}

/** The service with one key set, or without it where there is nothing to set. */
function replaced(rest: Omit<Service, 'env_file'>, key: 'environment' | 'labels', value: Model): Service {
  const service: Model = { ...rest };
  if (Object.keys(value).length === 0) delete service[key];
  else service[key] = value;
  return service as unknown as Service;
}

function sortedRecord(map: ReadonlyMap<string, string | null>): Model {
  const record = Object.create(null) as Model;
  for (const key of [...map.keys()].sort(compareCodePoints)) record[key] = map.get(key);
  return record;
}
