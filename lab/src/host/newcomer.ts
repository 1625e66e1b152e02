import { readFile } from 'node:fs/promises';
import { carriedAptOptions } from '../apt-sources.ts';
import { npmRegistry } from '../gateway/allow-list.ts';
import { proxyPort } from '../gateway/start.ts';
import type { LabSubnet } from '../subnet.ts';

const certificatePath = '/etc/ssl/certs/ca-certificates.crt';

// npm 9 never uses a connection through a proxy again, and waits for old ones to be closed before it opens more.
const manyConnections = 'maxsockets=100\n';

/** What makes package clients in a bare host work through the proxy of its lab. */
export interface NewcomerSetup {
  readonly files: ReadonlyMap<string, string>;
  readonly environment: Readonly<Record<string, string>>;
}

/** The files and variables of a bare host; it trusts the certificates that this machine trusts. */
export async function newcomerSetup(subnet: LabSubnet): Promise<NewcomerSetup> {
  const proxy = `http://${subnet.bridgeAddress}:${proxyPort}`;
  const direct = `localhost,127.0.0.1,::1,${subnet.cidr}`;
  const aptOptions = (await carriedAptOptions()).filter((option) => !/::(Proxy|CaInfo)=/i.test(option));
  const apt = [...aptOptions, `Acquire::http::Proxy=${proxy}`, `Acquire::https::Proxy=${proxy}`];
  const files = new Map([
    ['/etc/apt/apt.conf.d/90lab', apt.map((option) => `${option.replace('=', ' "')}";\n`).join('')],
    ['/root/.npmrc', `registry=${await npmRegistry()}\ncafile=${certificatePath}\n${manyConnections}`],
  ]);
  const certificates = await readFile(process.env.SSL_CERT_FILE || certificatePath, 'utf8').catch(() => undefined);
  if (certificates !== undefined) files.set(certificatePath, certificates);
  const environment = {
    ...{ http_proxy: proxy, https_proxy: proxy, no_proxy: direct },
    ...{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: direct },
    NODE_EXTRA_CA_CERTS: certificatePath,
  };
  return { files, environment };
}
