import { describe, expect, test } from 'vitest';
import { acceptFields, judge, unknownField } from '../src/index.ts';
import { loaded } from './support.ts';

describe('accepting', () => {
  const text = `services:
  a:
    image: a
    use_api_socket: true
    volumes:
      - {type: cluster, source: c, target: /c}
      - {type: tmpfs, target: /t}
  b: {image: b, use_api_socket: true, secrets: [s]}
secrets: {s: {external: true}}
`;

  test('leaves out the refused fields of that name, a whole mount where it makes no sense without, and shares the rest', async () => {
    const { project, provenance } = await loaded(text);
    const names = ['service.use_api_socket', 'service.volumes'];
    const acceptance = acceptFields(project, judge(project, provenance, 'engine'), names);
    expect(acceptance.accepted.map(({ path }) => path.join('.'))).toEqual([
      'services.a.use_api_socket',
      'services.a.volumes.0.type',
      'services.b.use_api_socket',
    ]);
    expect(acceptance.refused.map(({ field }) => field)).toEqual(['secret.external']);
    const { a, b } = acceptance.project.services;
    expect(a).not.toHaveProperty('use_api_socket');
    expect(b).not.toHaveProperty('use_api_socket');
    expect(a?.volumes).toEqual([project.services.a?.volumes?.[1]]);
    expect(acceptance.project.networks).toBe(project.networks);
    expect(project.services.a?.use_api_socket).toBe(true);
    expect(judge(acceptance.project, undefined, 'engine').counts.refused).toBe(1);
  });

  test('what is honoured is never left out, and what nothing is left without is not to be accepted', async () => {
    const { project } = await loaded(text);
    const acceptance = acceptFields(project, judge(project, undefined, 'engine'), ['service.image', 'secret']);
    expect(acceptance.accepted).toEqual([]);
    expect(acceptance.project).toBe(project);
    expect(acceptance.refused).toHaveLength(4);
  });

  test('a name that is none says what may be meant', () => {
    expect(unknownField('service.deploy.placement')).toBeUndefined();
    expect(unknownField('service.use_api_sockett')).toBe(
      'there is no field service.use_api_sockett; did you mean service.use_api_socket?',
    );
    expect(unknownField('privileged')).toBe('there is no field privileged; did you mean service.privileged?');
    expect(unknownField('privilegd')).toBe('there is no field privilegd; did you mean service.privileged?');
    expect(unknownField('x')).toBe('there is no field x; drover check names the fields of your files');
  });
});
