import { isToolLabel } from '@drover/orchestration';

/** The labels that are the author's, without those of docker compose, `docker stack` and Drover. */
export function ownLabels(labels: Readonly<Record<string, string>> | null | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels ?? {}).filter(([name]) => !isToolLabel(name) && !name.startsWith('com.docker.stack.')),
  );
}
