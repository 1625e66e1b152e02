import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A project of so many services as teams write them: variables, ports, volumes, health checks, dependencies, an anchor. */
export function projectText(services: number): string {
  const lines = ['x-logging: &logging {driver: json-file, options: {max-size: 10m}}', 'services:'];
  for (let index = 0; index < services; index++) lines.push(serviceText(index));
  return `${lines.join('\n')}\nvolumes: {data: }\nnetworks: {front: , back: {internal: true}}\n`;
}

function serviceText(index: number): string {
  const needs = index % 10 === 0 ? '' : `    depends_on: {s${index - 1}: {condition: service_started}}\n`;
  return `  s${index}:
    image: "registry.example/app-${index}:\${TAG:-1.0}"
    command: [serve, "--port", "80"]
    environment: {MODE: production, INDEX: ${index}, LEVEL: "\${LEVEL:-info}"}
    labels: [tier=web, "index=${index}"]
    ports: ["${20000 + index}:80"]
    volumes: ["data:/data", "./config/${index}:/etc/app:ro"]
    networks: [front, back]
    healthcheck: {test: [CMD, curl, localhost], interval: 10s, retries: 3}
    deploy: {resources: {limits: {cpus: "0.5", memory: 256M}}}
    logging: *logging
    restart: unless-stopped
${needs}`;
}

/** Writes the project into a folder of its own below `folder` and gives that. */
export function writeProject(folder: string, services: number): string {
  const place = join(folder, `config-${services}`);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'compose.yaml'), projectText(services));
  return place;
}
