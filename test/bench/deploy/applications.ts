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

/**
 * Services in a row, each waiting for the health of the one before. The first probe comes 100 ms after the start; those of
 * a healthy container are rare, so that they do not take the machine away from what is measured.
 */
export function chainApplication(length: number, image: string): string {
  const services = Array.from({ length }, (_, index) => {
    const waits = index === 0 ? '' : `    depends_on:\n      s${index - 1}:\n        condition: service_healthy\n`;
    return `  s${index}:
    image: ${image}
    command: ${work}
    healthcheck:
      test: ["CMD", "true"]
      start_period: 60s
      start_interval: 100ms
      interval: 60s
${waits}`;
  });
  return `services:\n${services.join('')}`;
}
