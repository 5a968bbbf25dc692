import { startSimulators } from './start-simulators.ts';

/** A port from the environment: a number, or 0 (pick one) when it is not set. */
function readPort(name: string): number {
  const text = process.env[name] ?? '0';
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${name} is not a port: ${text}`);
  return port;
}

// The channel closes however the parent dies, kill -9 included: no orphan is left.
process.on('disconnect', () => process.exit(0));

const simulators = await startSimulators({
  port: readPort('SIMULATOR_PORT'),
  smtpPort: readPort('SMTP_PORT'),
  webhookUrl: process.env.STRIPE_WEBHOOK_URL || null,
  webhookSecret: process.env.STRIPE_WEBHOOK_SECRET || undefined,
  basePath: process.env.SIMULATOR_BASE_PATH || undefined,
  stateFile: process.env.SIMULATOR_STATE_FILE || null,
});

process.on('SIGTERM', () => void simulators.stop().then(() => process.exit(0)));
process.on('SIGINT', () => {
  // Ctrl-C reaches the whole group; a parent that is still draining needs its payment provider and ends us after.
  if (!process.connected) void simulators.stop().then(() => process.exit(0));
});

process.send?.({ ready: true, port: simulators.stripePort, smtpPort: simulators.smtpPort });
process.stdout.write(`Simulators are ready at ${simulators.url}/ and smtp://127.0.0.1:${simulators.smtpPort}\n`);
