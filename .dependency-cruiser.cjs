/**
 * Who may know whom (docs/architecture.md). Arrows go down only: main, worker, features, platform, packages.
 * Each rule says why it is there and what to do instead.
 */
const FEATURES = '^apps/server/src/features/';
const TESTS =
  '\\.test(-data)?\\.tsx?$|^apps/server/src/testing/|^packages/db/src/testing\\.ts$|^packages/db/src/cli/describe\\.ts$|^tests/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment:
        'Two files that need each other are one idea in two places. Move what both need into a third file below them, or pass it in.',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'platform-knows-no-feature',
      severity: 'error',
      comment:
        'The platform is what every feature stands on; knowing one makes it part of that feature. Let the feature hand in what it needs (defineJob, defineRoom), and wire it in app.ts, jobs.ts or live.ts.',
      from: { path: '^apps/server/src/platform/', pathNot: TESTS },
      to: { path: FEATURES },
    },
    {
      name: 'features-use-verbs-of-others',
      severity: 'error',
      comment:
        "Another feature's statements, procedures, jobs and rooms are its own business and may change with it. Call one of its verbs or rules; if there is none that fits, write the verb there.",
      from: { path: `${FEATURES}([^/]+)/`, pathNot: TESTS },
      to: { path: `${FEATURES}[^/]+/.*\\.(sql|router|jobs|live)\\.tsx?$`, pathNot: `${FEATURES}$1/` },
    },
    {
      name: 'only-sql-files-know-tables',
      severity: 'error',
      comment:
        'One place per noun holds its statements, so that a reader of a table finds all who touch it. Put the statement into the *.sql.ts beside you and give it a name. (The sign-in library is handed its tables where it is made.)',
      from: {
        path: '^apps/',
        pathNot: [TESTS, '\\.sql\\.ts$', `${FEATURES}accounts/create-auth\\.ts$`],
      },
      to: { path: ['^packages/db/src/schema/', 'node_modules/drizzle-orm/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'web-knows-the-server-as-a-type',
      severity: 'error',
      comment:
        "The browser must never carry server code. Import the router's type from @liventix/server/router with `import type`; values both sides need live in packages/contracts.",
      from: { path: '^apps/web/' },
      to: { path: '^apps/(server|simulators)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'web-knows-only-the-router',
      severity: 'error',
      comment:
        'Of the server, the web app knows the router and the load context as types. Ask for more through a procedure.',
      from: { path: '^apps/web/' },
      to: { path: '^apps/server/src/', pathNot: '^apps/server/src/(router|load-context)\\.ts$' },
    },
    {
      name: 'web-knows-no-database',
      severity: 'error',
      comment:
        'Pages ask the API, in the browser and on the server alike. Add a procedure, or a shared type to packages/contracts.',
      from: { path: '^apps/web/' },
      to: { path: '^packages/db/' },
    },
    {
      name: 'server-knows-the-web-build-by-path-alone',
      severity: 'error',
      comment:
        'The web app depends on the server’s types; the other way round would be a cycle. The build is imported at boot from WEB_BUILD_DIR.',
      from: { path: '^apps/server/src/', pathNot: TESTS },
      to: { path: '^apps/web/' },
    },
    {
      name: 'simulators-stand-alone',
      severity: 'error',
      comment:
        'A stand-in that shares code with what it tests agrees with its mistakes. It speaks the wire of the real thing and knows nothing of ours.',
      from: { path: '^apps/simulators/src/' },
      to: { path: '^(apps/(server|web)|packages)/' },
    },
    {
      name: 'simulators-never-in-the-product',
      severity: 'error',
      comment:
        'Simulators run as a child process in demo and tests. Reach them over their wire; only tests may import them.',
      from: { path: '^(apps/(server|web)|packages)/', pathNot: TESTS },
      to: { path: '^apps/simulators/' },
    },
    {
      name: 'packages-know-no-app',
      severity: 'error',
      comment: 'Packages are what apps are made of. Move what is needed down into the package, or up into the app.',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'contracts-know-nothing-of-ours',
      severity: 'error',
      comment: 'Contracts go to every browser. They hold shapes and words, and lean on zod/mini only.',
      from: { path: '^packages/contracts/src/', pathNot: TESTS },
      to: { path: '^packages/(db|tsconfig)/' },
    },
    {
      name: 'contracts-use-zod-mini',
      severity: 'error',
      comment: "Full zod weighs 23 to 91 kB in the browser, zod/mini 6 to 9. Write `import * as z from 'zod/mini'`.",
      from: { path: '^(packages/contracts/src|apps/web/app)/' },
      to: { path: 'node_modules/zod/', pathNot: 'node_modules/zod/(v4/)?(mini|core|locales)|node_modules/zod/mini/' },
    },
    {
      name: 'product-needs-no-test-code',
      severity: 'error',
      comment: 'What only tests import may lean on vitest and on fixtures. Move what the product needs out of it.',
      from: { path: '^(apps|packages)/', pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'product-needs-no-dev-dependency',
      severity: 'error',
      comment:
        'A deployment installs without development packages. Move it to "dependencies", or import its type only.',
      from: {
        path: '^(apps/server|packages/[^/]+)/src/', // simulators run from their sources in development only
        pathNot: [TESTS, '/cli/', '^apps/server/src/platform/web/'],
      },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^(packages|apps)/|node_modules/(@types|vite)/',
      },
    },
    {
      name: 'names-resolve',
      severity: 'error',
      comment: 'Nothing is found under this name. Is the file extension there, and the package in package.json?',
      from: {},
      to: { couldNotResolve: true, pathNot: '^virtual:|\\.css$|\\?(url|raw|inline)$|^\\./\\+types/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules'] },
    exclude: { path: ['/(build|dist|\\.react-router|\\.turbo)/'] },
    tsPreCompilationDeps: true,
    webpackConfig: { fileName: `${__dirname}/scripts/resolve-web-alias.cjs` },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
