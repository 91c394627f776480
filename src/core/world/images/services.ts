import type { Family } from './families.ts';
import { OFFICIAL } from './official.ts';

/** Images of agents, monitors and tools. Sources: the repositories listed in docker-library/official-images, or the vendor's. */
export const SERVICES: readonly Family[] = [
  {
    repositories:
      'jenkins/jnlp-slave jenkinsci/jnlp-slave jenkins/inbound-agent jenkins/slave jenkinsci/slave jenkins/agent',
    system: 'debian',
    user: 'jenkins',
    has: 'git',
    healthcheck: false,
    onbuild: false,
    unsure: ['os'],
  },
  // docker-library/docker: Alpine, the client's entrypoint; dind and git variants.
  {
    ...OFFICIAL,
    repositories: 'docker',
    starts: 'prompt',
    toolchain: false,
    system: 'alpine',
    cmd: ['sh'],
    entrypoint: ['docker-entrypoint.sh'],
    when: [
      ['git', { has: 'git' }],
      ['dind', { entrypoint: ['dockerd-entrypoint.sh'], cmd: [], starts: 'server' }],
      ['rootless', { user: 'rootless' }],
    ],
  },
  { ...OFFICIAL, repositories: 'gitlab/gitlab-runner', system: 'ubuntu' },
  { ...OFFICIAL, repositories: 'datadog/docker-dd-agent', system: 'debian', unsure: ['healthcheck'] },
  // hashicorp/docker-hub-images.
  {
    repositories: 'hashicorp/terraform hashicorp/packer',
    starts: 'tool',
    toolchain: false,
    system: 'alpine',
    user: 'root',
    workdir: '/',
    healthcheck: false,
    onbuild: false,
    unsure: ['workdir'],
  },
  // prometheus/busybox with USER nobody in each project's Dockerfile.
  {
    repositories: 'prom/prometheus prom/alertmanager prom/node-exporter quay.io/prometheus/prometheus',
    starts: 'server',
    toolchain: false,
    system: 'busybox',
    user: 'nobody',
    unsure: ['libc', 'user'],
    healthcheck: false,
    onbuild: false,
  },
  { repositories: 'fluent/fluentd', system: 'unknown', starts: 'server', healthcheck: false, unsure: ['user'] },
  {
    repositories: 'gcr.io/google_containers/pause* k8s.gcr.io/pause* registry.k8s.io/pause*',
    toolchain: false,
    system: 'scratch',
    entrypoint: ['/pause'],
    healthcheck: false,
    onbuild: false,
  },
  {
    ...OFFICIAL,
    repositories: 'alpine/git',
    system: 'alpine',
    entrypoint: ['git'],
    starts: 'tool',
    has: 'git',
    workdir: '/git',
  },
  {
    ...OFFICIAL,
    repositories: 'docker/whalesay',
    system: 'ubuntu',
    release: '14.04',
    cmd: ['cowsay'],
    unsure: ['cmd'],
  },
];
