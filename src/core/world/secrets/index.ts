export { type FileSecret, secretInFile } from './contents.ts';
export { type SecretFile, secretFile } from './files.ts';
export { credentialsInUrls, type UrlCredential } from './urls.ts';
export { type SecretValue, secretValuesIn } from './values.ts';
