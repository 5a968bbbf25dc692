// The web app's "~/" for dependency-cruiser, which reads aliases in the shape of a bundler's configuration.
const path = require('node:path');
module.exports = { resolve: { alias: { '~': path.join(__dirname, '../apps/web/app') } } };
