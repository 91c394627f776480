import pkg from '../../package.json' with { type: 'json' };

const { version }: { version: string } = pkg;
const { homepage }: { homepage?: string } = pkg as { homepage?: string };

export { version };

/** Where a rule's page is; undefined until the package names its home. */
export const rulePageUrl: ((rule: string) => string) | undefined =
  homepage === undefined ? undefined : (rule) => `${homepage.replace(/#.*$/, '')}/blob/main/docs/rules/${rule}.md`;

/** Said after an internal error. */
export const reportBugs = `this is a bug in layerwise ${version}: please report it${homepage === undefined ? '' : ` at ${homepage.replace(/#.*$/, '')}/issues`}, with the file if you can`;
