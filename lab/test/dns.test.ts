import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { answerQuery, createNameServer } from '../src/gateway/dns.ts';

describe('the name server', () => {
  it('knows its table and says of every other name that there is none', async () => {
    const server = createNameServer(new Map([['n1', '10.88.0.1']]));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    const resolver = new Resolver({ timeout: 1000, tries: 1 });
    resolver.setServers([`127.0.0.1:${server.address().port}`]);
    try {
      expect(await resolver.resolve4('N1')).toEqual(['10.88.0.1']);
      await expect(resolver.resolve6('n1')).rejects.toMatchObject({ code: 'ENODATA' });
      await expect(resolver.resolve4('name.example')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    } finally {
      server.close();
    }
  });

  it('is silent about what is no query', () => {
    const addresses = new Map<string, string>();
    expect(answerQuery(Buffer.alloc(0), addresses)).toBeUndefined();
    expect(answerQuery(Buffer.alloc(12), addresses)).toBeUndefined();
    const endless = Buffer.concat([Buffer.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]), Buffer.alloc(40, 63)]);
    expect(answerQuery(endless, addresses)).toBeUndefined();
  });
});
