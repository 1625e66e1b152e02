import { z } from 'zod';
import { route } from './route.ts';

export const session = {
  /** The one-time code of the sign-in link is the credential; it works once. */
  exchange: route
    .route({ method: 'POST', path: '/session', summary: 'Exchange a one-time sign-in code for a token' })
    .meta({ permission: 'public', scope: 'server' })
    .input(z.object({ code: z.string().max(200) }))
    .output(z.object({ token: z.string() })),
  whoami: route
    .route({ method: 'GET', path: '/session', summary: 'Whether the token is good' })
    .meta({ permission: 'read', scope: 'server' })
    .output(z.object({ name: z.string() })),
  end: route
    .route({ method: 'DELETE', path: '/session', summary: 'Sign out: the token ends' })
    .meta({ permission: 'read', scope: 'server' })
    .output(z.object({ ended: z.boolean() })),
  link: route
    .route({ method: 'POST', path: '/session/link', summary: 'A new one-time sign-in link; an older unused one ends' })
    .meta({ permission: 'admin', scope: 'server' })
    .output(z.object({ url: z.string(), expiresAt: z.string() })),
  rotate: route
    .route({ method: 'POST', path: '/session/rotate', summary: 'A new admin token; the old one and all sessions end' })
    .meta({ permission: 'admin', scope: 'server' })
    .output(z.object({ tokenFile: z.string() })),
  /** Of one environment, as the container is that it is for. */
  ticket: route
    .route({
      method: 'POST',
      path: '/session/ticket',
      summary: 'A single-use ticket for one WebSocket, good for some seconds',
    })
    .meta({ permission: 'operate' })
    .input(z.object({ purpose: z.enum(['exec', 'attach']), container: z.string() }))
    .output(z.object({ ticket: z.string() })),
};
