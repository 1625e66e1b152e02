import { createSocket, type Socket } from 'node:dgram';

const headerBytes = 12;
const typeA = 1;
const noSuchName = 3;

/**
 * Answers a DNS query (RFC 1035) from a table of names, and with "no such name" for any other, as a public server would;
 * undefined for what is no query. Other record types of a known name get an empty answer.
 */
export function answerQuery(query: Buffer, addresses: ReadonlyMap<string, string>): Buffer | undefined {
  if (query.length < headerBytes || query.readUInt16BE(4) !== 1 || (query[2]! & 0x80) !== 0) return undefined;
  const labels: string[] = [];
  let end = headerBytes;
  for (;;) {
    const length = query[end];
    if (length === undefined || length > 63) return undefined;
    end += 1;
    if (length === 0) break;
    labels.push(query.toString('latin1', end, end + length).toLowerCase());
    end += length;
  }
  if (end + 4 > query.length) return undefined;
  const address = addresses.get(labels.join('.'));
  const answers = address !== undefined && query.readUInt16BE(end) === typeA ? [answerRecord(address)] : [];
  const header = Buffer.from(query.subarray(0, headerBytes));
  // An answer, with authority and recursion, that keeps the asker's wish for recursion.
  header.writeUInt16BE(0x8480 | (query.readUInt16BE(2) & 0x0100) | (address === undefined ? noSuchName : 0), 2);
  header.writeUInt16BE(answers.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, query.subarray(headerBytes, end + 4), ...answers]);
}

/** Serves a table of names over UDP. */
export function createNameServer(addresses: ReadonlyMap<string, string>): Socket {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const answer = answerQuery(query, addresses);
    if (answer) socket.send(answer, from.port, from.address, () => {});
  });
  return socket;
}

/** An A record for the name at the start of the question, kept for a second. */
function answerRecord(address: string): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc000 | headerBytes, 0);
  record.writeUInt16BE(typeA, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt32BE(1, 6);
  record.writeUInt16BE(4, 10);
  record.set(address.split('.').map(Number), 12);
  return record;
}
