import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { BrokenPage } from '../pages/broken-page.tsx';
import { MissingPage } from '../pages/missing-page.tsx';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: MissingPage });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/stacks' });
  },
});
const stackList = createRoute({
  getParentRoute: () => root,
  path: '/stacks',
  component: lazyRouteComponent(() => import('../pages/stack/list/stack-list-page.tsx'), 'StackListPage'),
});
const stackNew = createRoute({ getParentRoute: () => root, path: '/stacks/new' });
const stack = createRoute({ getParentRoute: () => root, path: '/stacks/$name' });
const host = createRoute({ getParentRoute: () => root, path: '/host' });
const hostRooms = [
  createRoute({ getParentRoute: () => host, path: '/containers' }),
  createRoute({ getParentRoute: () => host, path: '/images' }),
  createRoute({ getParentRoute: () => host, path: '/networks' }),
  createRoute({ getParentRoute: () => host, path: '/volumes' }),
  createRoute({ getParentRoute: () => host, path: '/disk' }),
  createRoute({ getParentRoute: () => host, path: '/registries' }),
] as const;

const routeTree = root.addChildren([home, stackList, stackNew, stack, host.addChildren(hostRooms)]);

/** The map of the application: every address and the page behind it, each loaded when somebody goes there. */
export function createAppRouter() {
  return createRouter({
    routeTree,
    defaultPreload: 'intent',
    scrollRestoration: true,
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: MissingPage,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
