export { type FileSecret, secretsInFile } from './contents.ts';
export { type SecretFile, secretFile } from './files.ts';
export { secretName } from './names.ts';
export type { ScannerFinding } from './scanned.ts';
export { credentialsInUrls, type UrlCredential } from './urls.ts';
export { type SecretValue, secretValuesIn } from './values.ts';
