import { describe } from 'vitest';
import { archiveContract } from './archives.ts';
import { containerContract } from './containers.ts';
import { eventContract } from './events.ts';
import { execContract } from './exec.ts';
import { imageContract } from './images.ts';
import { networkContract } from './networks.ts';
import { outputContract } from './output.ts';
import type { GetSubject } from './subject.ts';
import { systemContract } from './system.ts';
import { volumeContract } from './volumes.ts';

/** Everything that both the real engines and the fake keep. */
export function engineContract(get: GetSubject): void {
  describe('containers', () => containerContract(get));
  describe('networks', () => networkContract(get));
  describe('volumes', () => volumeContract(get));
  describe('images', () => imageContract(get));
  describe('exec and attach', () => execContract(get));
  describe('output', () => outputContract(get));
  describe('archives', () => archiveContract(get));
  describe('events', () => eventContract(get));
  describe('system', () => systemContract(get));
}
