import type { Family } from './families.ts';

const PLAIN = { user: 'root', healthcheck: false, onbuild: false } as const;

/** Bases by vendors and well-known projects. Sources: their public Dockerfiles, named per entry. */
export const VENDORS: readonly Family[] = [
  // phusion/baseimage-docker: Ubuntu with runit; the tag's number decides the release.
  {
    ...PLAIN,
    repositories:
      'phusion/baseimage phusion/passenger-full phusion/passenger-ruby* phusion/passenger-nodejs phusion/passenger-customizable',
    system: 'ubuntu',
    workdir: '/',
    entrypoint: [],
    cmd: ['/sbin/my_init'],
    has: 'bash curl',
  },
  // dotnet/dotnet-docker. Default tags: stretch (1, 2), buster (3), bullseye (6), bookworm (8), Ubuntu since 10.
  {
    ...PLAIN,
    repositories:
      'microsoft/dotnet microsoft/aspnetcore microsoft/aspnetcore-build microsoft/dotnet-nightly mcr.microsoft.com/dotnet/core/sdk mcr.microsoft.com/dotnet/core/aspnet mcr.microsoft.com/dotnet/core/runtime mcr.microsoft.com/dotnet/core/runtime-deps mcr.microsoft.com/dotnet/sdk mcr.microsoft.com/dotnet/aspnet mcr.microsoft.com/dotnet/runtime mcr.microsoft.com/dotnet/runtime-deps mcr.microsoft.com/dotnet/nightly/sdk mcr.microsoft.com/dotnet/nightly/aspnet',
    starts: 'prompt',
    system: 'apt',
    workdir: '/',
    users: [],
    when: [
      ['>=8', { users: [{ name: 'app', uid: 1654, gid: 1654 }] }],
      ['unversioned', { unsure: ['users'] }],
      [
        'chiseled',
        {
          user: '1654',
          packageManager: 'none',
          libc: 'glibc',
          shell: null,
          sh: null,
          lacks: 'bash curl wget git gcc python python3 node perl',
        },
      ],
      [
        'distroless',
        {
          user: '1654',
          packageManager: 'none',
          libc: 'glibc',
          shell: null,
          sh: null,
          lacks: 'bash curl wget git gcc python python3 node perl',
        },
      ],
    ],
  },
  {
    // The systems themselves start cmd.exe.
    repositories:
      'mcr.microsoft.com/windows mcr.microsoft.com/windows/nanoserver mcr.microsoft.com/windows/servercore mcr.microsoft.com/windows/server microsoft/windowsservercore microsoft/nanoserver',
    system: 'windows',
    entrypoint: [],
    healthcheck: false,
    onbuild: false,
  },
  {
    repositories:
      'mcr.microsoft.com/windows* microsoft/iis mcr.microsoft.com/dotnet/framework* microsoft/dotnet-framework microsoft/aspnet mcr.microsoft.com/powershell:nanoserver',
    system: 'windows',
  },
  // nvidia/container-images/cuda.
  {
    ...PLAIN,
    repositories: 'nvidia/cuda nvidia/cudagl nvidia/opengl nvcr.io/nvidia/cuda',
    starts: 'prompt',
    system: 'ubuntu',
    workdir: '/',
    when: [
      ['devel', { toolchain: true }],
      ['runtime', { toolchain: false }],
      ['base', { toolchain: false }],
    ],
  },
  { ...PLAIN, repositories: 'tensorflow/tensorflow', system: 'ubuntu', has: 'bash' },
  { ...PLAIN, repositories: 'pytorch/pytorch', system: 'ubuntu', workdir: '/workspace', starts: 'prompt' },
  // mhart/alpine-node: node on Alpine; `base` and `slim` tags have no npm.
  {
    ...PLAIN,
    repositories: 'mhart/alpine-node',
    starts: 'prompt',
    system: 'alpine',
    on: 'bare',
    workdir: '/',
    entrypoint: [],
    has: 'node',
    unsure: ['cmd', 'envNames'],
  },
  // Alpine with glibc beside musl: what a native module links against is the question, so libc stays open.
  {
    ...PLAIN,
    repositories: 'anapsix/alpine-java frolvlad/alpine-glibc frolvlad/alpine-oraclejdk8 frolvlad/alpine-java',
    starts: 'prompt',
    system: 'alpine',
    unsure: ['libc'],
    when: [['jre', { toolchain: false }]],
  },
  {
    ...PLAIN,
    repositories:
      'frolvlad/alpine-python3 frolvlad/alpine-python2 frolvlad/alpine-gcc frolvlad/alpine-mono jfloff/alpine-python',
    starts: 'prompt',
    system: 'alpine',
  },
  {
    ...PLAIN,
    repositories:
      'lsiobase/alpine lsiobase/alpine.* lsiobase/nginx lsiobase/python linuxserver/baseimage-alpine linuxserver/baseimage.alpine',
    system: 'alpine',
    entrypoint: ['/init'],
    has: 'bash',
  },
  {
    ...PLAIN,
    repositories: 'lsiobase/ubuntu lsiobase/xenial lsiobase/ubuntu.armhf linuxserver/baseimage',
    system: 'ubuntu',
    unsure: ['entrypoint'],
  },
  {
    ...PLAIN,
    repositories:
      'google/debian gcr.io/google_appengine/debian8 gcr.io/google_appengine/nodejs gcr.io/google_appengine/python',
    system: 'debian',
  },
  { ...PLAIN, repositories: 'nfcore/base', system: 'debian', starts: 'prompt', has: 'bash python', unsure: ['os'] },
  // continuumio/docker-images: Debian with /opt/conda on PATH.
  {
    ...PLAIN,
    repositories: 'continuumio/miniconda3 continuumio/miniconda continuumio/anaconda3 continuumio/anaconda',
    starts: 'prompt',
    system: 'debian',
    path: '/opt/conda/bin',
    has: 'bash python',
    unsure: ['os'],
    when: [['alpine', { unsure: ['libc'] }]],
  },
  // GoogleCloudPlatform/cloud-sdk-docker.
  {
    ...PLAIN,
    repositories: 'google/cloud-sdk gcr.io/google.com/cloudsdktool/cloud-sdk',
    starts: 'prompt',
    system: 'debian',
    has: 'python3',
    unsure: ['os', 'has'],
  },
  // rocker-org: r-ver and what builds on it; Debian before R 4, Ubuntu since.
  {
    ...PLAIN,
    repositories:
      'rocker/tidyverse rocker/rstudio rocker/verse rocker/geospatial rocker/r-ver rocker/shiny rocker/r-base rocker/r-devel rocker/shiny-verse rocker/hadleyverse rocker/r-apt rocker/drd',
    system: 'apt',
  },
  // jupyter/docker-stacks: USER $NB_UID (jovyan, 1000), SHELL bash -o pipefail since 2018.
  {
    repositories:
      'jupyter/base-notebook jupyter/minimal-notebook jupyter/scipy-notebook jupyter/datascience-notebook jupyter/tensorflow-notebook jupyter/r-notebook jupyter/pyspark-notebook jupyter/all-spark-notebook quay.io/jupyter/base-notebook quay.io/jupyter/minimal-notebook quay.io/jupyter/scipy-notebook',
    starts: 'web-server',
    system: 'apt',
    user: '1000',
    users: [{ name: 'jovyan', uid: 1000, gid: 100 }],
    has: 'bash python python3',
    onbuild: false,
    unsure: ['shell'],
  },
  // CircleCI-Public: each is the official image with an account `circleci` (3434) and sudo.
  {
    repositories:
      'circleci/node circleci/ruby circleci/php circleci/python circleci/golang circleci/openjdk circleci/rust circleci/elixir circleci/clojure circleci/buildpack-deps',
    starts: 'prompt',
    system: 'apt',
    user: 'circleci',
    users: [{ name: 'circleci', uid: 3434, gid: 3434 }],
    has: 'bash curl git sudo',
    healthcheck: false,
    onbuild: false,
  },
  {
    repositories: 'cimg/*',
    starts: 'prompt',
    system: 'ubuntu',
    user: 'circleci',
    has: 'bash curl git sudo',
    healthcheck: false,
    onbuild: false,
  },
  // osrf/docker_images.
  {
    ...PLAIN,
    repositories: 'ros osrf/ros',
    starts: 'prompt',
    system: 'ubuntu',
    workdir: '/',
    entrypoint: ['/ros_entrypoint.sh'],
    cmd: ['bash'],
  },
  // jboss-dockerfiles: CentOS 7, account jboss.
  {
    repositories: 'jboss/base jboss/base-jdk jboss/wildfly jboss/keycloak jboss/base-jdk8',
    system: 'centos',
    release: '7',
    user: 'jboss',
    users: [{ name: 'jboss', uid: 1000, gid: 1000, home: '/opt/jboss' }],
    healthcheck: false,
    onbuild: false,
    when: [['unversioned', { unsure: ['user'] }]],
  },
  { repositories: 'quay.io/wildfly/wildfly', system: 'unknown', user: 'jboss' },
  // sclorg/s2i-base-container: USER 1001 since 2016.
  {
    repositories: 'openshift/base-centos7 centos/s2i-base-centos7',
    system: 'centos',
    release: '7',
    user: '1001',
    healthcheck: false,
    onbuild: false,
  },
  // SeleniumHQ/docker-selenium: Ubuntu, USER 1200 or seluser, sudo.
  {
    repositories:
      'selenium/node-base selenium/base selenium/node-chrome selenium/node-firefox selenium/standalone-chrome selenium/standalone-firefox selenium/hub',
    system: 'ubuntu',
    has: 'bash sudo',
    healthcheck: false,
    onbuild: false,
  },
  // dockerfile/* of 2014: Ubuntu 14.04, WORKDIR /root or /data.
  {
    ...PLAIN,
    repositories:
      'dockerfile/ubuntu dockerfile/java dockerfile/nodejs dockerfile/python dockerfile/ruby dockerfile/go dockerfile/nginx dockerfile/redis dockerfile/mongodb',
    toolchain: true,
    system: 'ubuntu',
    release: '14.04',
    has: 'curl git wget bash make gcc',
  },
  {
    ...PLAIN,
    repositories: 'sameersbn/ubuntu tutum/ubuntu tutum/apache-php tutum/lamp tutum/curl nacyot/ubuntu pataquets/ubuntu',
    system: 'ubuntu',
  },
  {
    ...PLAIN,
    repositories: 'gitlab/gitlab-ce gitlab/gitlab-ee',
    starts: 'web-server',
    system: 'ubuntu',
    cmd: ['/assets/wrapper'],
    unsure: ['healthcheck', 'os'],
  },
  { ...PLAIN, repositories: 'heroku/heroku heroku/cedar', system: 'ubuntu', unsure: ['user'] },
  { ...PLAIN, repositories: 'richarvey/nginx-php-fpm', system: 'alpine', starts: 'web-server', has: 'bash git' },
  {
    ...PLAIN,
    repositories:
      'tiangolo/uwsgi-nginx-flask tiangolo/uwsgi-nginx tiangolo/uvicorn-gunicorn-fastapi tiangolo/meinheld-gunicorn-flask',
    starts: 'web-server',
    system: 'debian',
  },
  {
    ...PLAIN,
    repositories: 'jwilder/nginx-proxy',
    starts: 'web-server',
    system: 'debian',
    entrypoint: ['/app/docker-entrypoint.sh'],
    unsure: ['entrypoint'],
  },
  { ...PLAIN, repositories: 'certbot/certbot', system: 'alpine', entrypoint: ['certbot'], starts: 'tool' },
  {
    ...PLAIN,
    repositories: 'openresty/openresty',
    system: 'unknown',
    starts: 'web-server',
    when: [['unversioned', { unsure: ['user'] }]],
  },
  { ...PLAIN, repositories: 'keymetrics/pm2', system: 'alpine', has: 'node' },
  { ...PLAIN, repositories: 'hseeberger/scala-sbt', system: 'debian', starts: 'prompt', unsure: ['user', 'os'] },
  // Bitnami's server images run as 1001; its language images as root.
  { ...PLAIN, repositories: 'bitnami/minideb-extras', system: 'debian' },
  {
    repositories:
      'bitnami/nginx bitnami/postgresql bitnami/redis bitnami/mongodb bitnami/mariadb bitnami/mysql bitnami/rabbitmq bitnami/kafka bitnami/zookeeper bitnami/wordpress-nginx bitnami/apache bitnami/php-fpm bitnami/tomcat bitnami/memcached bitnami/etcd bitnami/kubectl',
    system: 'debian',
    user: '1001',
    unsure: ['os'],
    healthcheck: false,
    onbuild: false,
    when: [['php-fpm', { unsure: ['user'] }]],
  },
  // Docker Hardened Images: a non-root account and no shell unless the tag says dev.
  { repositories: 'dhi.io/*', system: 'unknown', user: 'nonroot', when: [['dev', { user: 'root' }]] },
  {
    ...PLAIN,
    repositories: 'docker/dockerfile docker/dockerfile-upstream',
    system: 'scratch',
    on: 'bare',
    entrypoint: ['/bin/dockerfile-frontend'],
  },
];
