import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { basePath } from '../api/environment.ts';
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
const stackNew = createRoute({
  getParentRoute: () => root,
  path: '/stacks/new',
  component: lazyRouteComponent(() => import('../pages/stack/new/new-stack-page.tsx'), 'NewStackPage'),
});

const stack = createRoute({
  getParentRoute: () => root,
  path: '/stacks/$name',
  component: lazyRouteComponent(() => import('../pages/stack/stack-layout.tsx'), 'StackLayout'),
});
const stackServices = createRoute({
  getParentRoute: () => stack,
  path: '/',
  component: lazyRouteComponent(() => import('../pages/stack/services/services-page.tsx'), 'ServicesPage'),
});
const stackEdit = createRoute({
  getParentRoute: () => stack,
  path: '/edit',
  component: lazyRouteComponent(() => import('../pages/stack/editor/edit-page.tsx'), 'EditPage'),
});
const stackVariables = createRoute({
  getParentRoute: () => stack,
  path: '/variables',
  component: lazyRouteComponent(() => import('../pages/stack/variables/variables-page.tsx'), 'VariablesPage'),
});
const stackLogs = createRoute({
  getParentRoute: () => stack,
  path: '/logs',
  component: lazyRouteComponent(() => import('../pages/stack/logs/stack-logs-page.tsx'), 'StackLogsPage'),
});
const stackHistory = createRoute({
  getParentRoute: () => stack,
  path: '/history',
  component: lazyRouteComponent(() => import('../pages/stack/history/history-page.tsx'), 'HistoryPage'),
});

const deployment = createRoute({
  getParentRoute: () => root,
  path: '/deployments/$id',
  component: lazyRouteComponent(() => import('../pages/deployment/deployment-page.tsx'), 'DeploymentPage'),
});

const container = createRoute({
  getParentRoute: () => root,
  path: '/containers/$id',
  component: lazyRouteComponent(() => import('../pages/container/container-layout.tsx'), 'ContainerLayout'),
});
const containerHome = createRoute({
  getParentRoute: () => container,
  path: '/',
  beforeLoad: ({ params: { id } }) => {
    throw redirect({ to: '/containers/$id/logs', params: { id } });
  },
});
const containerLogs = createRoute({
  getParentRoute: () => container,
  path: '/logs',
  component: lazyRouteComponent(() => import('../pages/container/logs-page.tsx'), 'ContainerLogsPage'),
});
const containerTerminal = createRoute({
  getParentRoute: () => container,
  path: '/terminal',
  component: lazyRouteComponent(() => import('../pages/container/terminal/terminal-page.tsx'), 'TerminalPage'),
});
const containerPlots = createRoute({
  getParentRoute: () => container,
  path: '/plots',
  component: lazyRouteComponent(() => import('../pages/container/plots/plots-page.tsx'), 'PlotsPage'),
});
const containerInspect = createRoute({
  getParentRoute: () => container,
  path: '/inspect',
  component: lazyRouteComponent(() => import('../pages/container/inspect-page.tsx'), 'InspectPage'),
});

const host = createRoute({ getParentRoute: () => root, path: '/host' });
const hostContainers = createRoute({
  getParentRoute: () => host,
  path: '/containers',
  component: lazyRouteComponent(() => import('../pages/host/containers-page.tsx'), 'ContainersPage'),
});
const hostImages = createRoute({
  getParentRoute: () => host,
  path: '/images',
  component: lazyRouteComponent(() => import('../pages/host/images-page.tsx'), 'ImagesPage'),
});
const hostNetworks = createRoute({
  getParentRoute: () => host,
  path: '/networks',
  component: lazyRouteComponent(() => import('../pages/host/networks-page.tsx'), 'NetworksPage'),
});
const hostVolumes = createRoute({
  getParentRoute: () => host,
  path: '/volumes',
  component: lazyRouteComponent(() => import('../pages/host/volumes-page.tsx'), 'VolumesPage'),
});
const hostDisk = createRoute({
  getParentRoute: () => host,
  path: '/disk',
  component: lazyRouteComponent(() => import('../pages/host/disk-page.tsx'), 'DiskPage'),
});
const hostRegistries = createRoute({
  getParentRoute: () => host,
  path: '/registries',
  component: lazyRouteComponent(() => import('../pages/host/registries-page.tsx'), 'RegistriesPage'),
});

const hosts = createRoute({
  getParentRoute: () => root,
  path: '/hosts',
  component: lazyRouteComponent(() => import('../pages/host/list/hosts-page.tsx'), 'HostsPage'),
});
const hostOne = createRoute({
  getParentRoute: () => root,
  path: '/hosts/$host',
  component: lazyRouteComponent(() => import('../pages/host/one/host-page.tsx'), 'HostPage'),
});

const environments = createRoute({
  getParentRoute: () => root,
  path: '/environments',
  component: lazyRouteComponent(() => import('../pages/environment/environments-page.tsx'), 'EnvironmentsPage'),
});

const routeTree = root.addChildren([
  home,
  stackList,
  stackNew,
  stack.addChildren([stackServices, stackEdit, stackVariables, stackLogs, stackHistory]),
  deployment,
  container.addChildren([containerHome, containerLogs, containerTerminal, containerPlots, containerInspect]),
  environments,
  hosts,
  hostOne,
  host.addChildren([hostContainers, hostImages, hostNetworks, hostVolumes, hostDisk, hostRegistries]),
]);

/** The map of the application, below the environment of this page: every address and the page behind it, each loaded when somebody goes there. */
export function createAppRouter() {
  return createRouter({
    routeTree,
    basepath: basePath || '/',
    defaultPreload: 'intent',
    scrollRestoration: true,
    scrollToTopSelectors: ['#main'],
    defaultErrorComponent: BrokenPage,
    defaultNotFoundComponent: MissingPage,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
