/**
 * The applications that are deployed. Every container ends at once on SIGTERM, so that what is measured is the work of
 * deploying and not a grace period that is the same for all.
 */
const work = '["sh", "-c", "trap \'exit 0\' TERM; sleep infinity & wait"]';

/** Ten services on one network, `scale` containers each; `images` of the services, first to last. */
export function flatApplication(scale: number, images: readonly string[]): string {
  const services = images.map(
    (image, index) => `  s${index}:
    image: ${image}
    command: ${work}
    scale: ${scale}
    environment:
      INDEX: "${index}"
      LOG_LEVEL: info
    labels:
      example.bench.service: s${index}
`,
  );
  return `services:\n${services.join('')}`;
}

/** Services in a row, each waiting for the health of the one before. */
export function chainApplication(length: number, image: string): string {
  const services = Array.from({ length }, (_, index) => {
    const waits = index === 0 ? '' : `    depends_on:\n      s${index - 1}:\n        condition: service_healthy\n`;
    return `  s${index}:
    image: ${image}
    command: ${work}
    healthcheck:
      test: ["CMD", "true"]
      interval: 200ms
      timeout: 5s
      retries: 20
${waits}`;
  });
  return `services:\n${services.join('')}`;
}
