import { flatRoutes } from '@remix-run/fs-routes';

/** Routes are folders: `routes/<flat-name>/route.tsx`. */
export default flatRoutes();
