import { describe, expect, it } from 'vitest';
import { freeLabIndex, hostLimit, hostLinkOf, labLimit, subnetOf } from '../src/subnet.ts';

describe('the layout of labs', () => {
  it('gives labs and hosts addresses, links and hardware addresses that nobody else has', () => {
    const addresses = new Set<string>();
    const links = new Set<string>();
    const hardware = new Set<string>();
    for (let lab = 0; lab < labLimit; lab += 1) {
      addresses.add(subnetOf(lab).bridgeAddress);
      links.add(subnetOf(lab).bridge);
      hardware.add(subnetOf(lab).bridgeHardwareAddress);
      for (let host = 0; host < hostLimit; host += 1) {
        const link = hostLinkOf(lab, host);
        addresses.add(link.address);
        links.add(link.link);
        hardware.add(link.hardwareAddress);
        expect(link.link.length).toBeLessThanOrEqual(15);
      }
    }
    expect(addresses.size).toBe(labLimit * (hostLimit + 1));
    expect(links.size).toBe(labLimit * (hostLimit + 1));
    expect(hardware.size).toBe(labLimit * (hostLimit + 1));
  });

  it('refuses what does not fit', () => {
    expect(() => subnetOf(labLimit)).toThrow('is not between 0 and 199');
    expect(() => subnetOf(-1)).toThrow('is not between');
    expect(() => hostLinkOf(0, hostLimit)).toThrow('at most 100 hosts');
  });

  it('takes the lowest free index', () => {
    expect(freeLabIndex(new Set())).toBe(0);
    expect(freeLabIndex(new Set([0, 1, 3]))).toBe(2);
    const full = new Set(Array.from({ length: labLimit }, (_, index) => index));
    expect(() => freeLabIndex(full)).toThrow('all 200 are in use');
  });
});
