/**
 * Which release an official image's tag rests on when the tag does not say so: `version:release`, from that version on in
 * the order of tags (`6` before `6.0` before `6.14`). Computed from every state of `library/<name>` in
 * docker-library/official-images (until 2026-08-21) and the FROM lines there: the last image that each tag stood for.
 * `?` ends what is known.
 */
export const SUITES: Readonly<Record<string, string>> = {
  node: '0:jessie 6:stretch 6.0:jessie 6.14:stretch 6.14.0:jessie 6.14.4:stretch 7:jessie 8:stretch 8.0:jessie 8.13:stretch 9:jessie 10:stretch 10.0:jessie 10.13:stretch 14:buster 14.0:stretch 14.19:buster 14.19.0:stretch 14.19.3:buster 15:stretch 16:buster 17:bullseye 18:bookworm 18.0:bullseye 18.16:bookworm 19:bullseye 20:bookworm 20.0:bullseye 20.3:bookworm 26:trixie 27:?',
  python:
    '2:buster 2.7.7:? 2.7.9:jessie 2.7.15:stretch 2.7.16:buster 3:trixie 3.2:jessie 3.4:stretch 3.4.1:? 3.4.2:jessie 3.4.8:stretch 3.5:buster 3.5.0:jessie 3.5.5:stretch 3.5.7:buster 3.6:bullseye 3.6.0:jessie 3.6.5:stretch 3.6.9:buster 3.6.14:bullseye 3.7:bookworm 3.7.0:stretch 3.7.4:buster 3.7.11:bullseye 3.7.17:bookworm 3.8.0:buster 3.8.11:bullseye 3.8.17:bookworm 3.9:trixie 3.9.0:buster 3.9.6:bullseye 3.9.17:bookworm 3.9.23:trixie 3.10.0:bullseye 3.10.12:bookworm 3.10.18:trixie 3.11.0:bullseye 3.11.4:bookworm 3.11.13:trixie 3.12.0:bookworm 3.12.11:trixie 3.13.0:bookworm 3.13.6:trixie 3.15:?',
  golang:
    '1:trixie 1.2:jessie 1.2.0:wheezy 1.2.2:jessie 1.3.0:wheezy 1.3.3:jessie 1.9:stretch 1.11:buster 1.11.0:stretch 1.11.12:buster 1.12.0:stretch 1.12.7:buster 1.16:bullseye 1.16.0:buster 1.16.7:bullseye 1.19:bookworm 1.19.0:bullseye 1.19.10:bookworm 1.20.0:bullseye 1.20.5:bookworm 1.24:trixie 1.24.0:bookworm 1.24.6:trixie 1.28:?',
  ruby: '1:jessie 2:bullseye 2.0:jessie 2.3:stretch 2.3.0:jessie 2.3.7:stretch 2.4:buster 2.4.0:jessie 2.4.4:stretch 2.4.6:buster 2.5.0:stretch 2.5.5:buster 2.6:bullseye 2.6.0:stretch 2.6.3:buster 2.6.8:bullseye 2.7.0:buster 2.7.4:bullseye 3:trixie 3.0:bullseye 3.0.0:buster 3.0.2:bullseye 3.1:bookworm 3.1.0:bullseye 3.1.4:bookworm 3.2:trixie 3.2.0:bullseye 3.2.2:bookworm 3.2.9:trixie 3.3.0:bookworm 3.3.9:trixie 3.4.1:bookworm 3.4.5:trixie 5:?',
  php: '5:stretch 5.3:jessie 5.6:stretch 5.6.0:jessie 5.6.36:stretch 7:bullseye 7.0:stretch 7.0.0:jessie 7.0.30:stretch 7.1:buster 7.1.0:jessie 7.1.17:stretch 7.1.30:buster 7.2.0:stretch 7.2.20:buster 7.3:bullseye 7.3.0:stretch 7.3.7:buster 7.3.29:bullseye 7.4.0:buster 7.4.22:bullseye 8:trixie 8.0:bullseye 8.0.0:buster 8.0.9:bullseye 8.1:trixie 8.1.0:bullseye 8.1.20:bookworm 8.1.33:trixie 8.2.0:bullseye 8.2.7:bookworm 8.2.29:trixie 8.3.0:bookworm 8.3.24:trixie 8.4.1:bookworm 8.4.11:trixie 8.6:?',
  rust: '1:trixie 1.19:stretch 1.37:buster 1.55:bullseye 1.72:bookworm 1.89:trixie 2:?',
  nginx:
    '1:trixie 1.7:? 1.8:jessie 1.12:stretch 1.16:buster 1.16.0:stretch 1.16.1:buster 1.17.0:stretch 1.17.2:buster 1.18:? 1.19.0:buster 1.19.5:? 1.22:bullseye 1.22.0:? 1.22.1:bullseye 1.23.0:? 1.23.4:bullseye 1.25:bookworm 1.25.0:bullseye 1.25.1:bookworm 1.28:trixie 1.28.0:bookworm 1.28.1:trixie 1.29.0:bookworm 1.29.2:trixie 1.32:?',
  httpd: '2:trixie 2.2:? 2.4:trixie 2.4.10:? 2.4.48:buster 2.4.51:bullseye 2.4.57:bookworm 2.4.65:trixie 3:?',
  redis:
    '2:? 3:stretch 3.0:? 3.2:stretch 3.2.0:? 3.2.12:stretch 4:buster 4.0.0:? 4.0.10:stretch 4.0.14:buster 5:bullseye 5.0.0:stretch 5.0.5:buster 5.0.14:bullseye 6:bookworm 6.0.0:buster 6.0.16:bullseye 6.0.19:bookworm 6.2.0:buster 6.2.6:bullseye 6.2.12:bookworm 7.0.0:bullseye 7.0.11:bookworm 8:trixie 8.0:bookworm 8.4:trixie 8.4.0:bookworm 8.4.1:trixie 9:?',
  postgres:
    '8:? 9:stretch 9.0:? 9.6:stretch 9.6.0:? 9.6.22:stretch 10.0:? 10.17:stretch 11.0:? 11.12:stretch 12:bookworm 12.0:? 12.7:buster 12.8:bullseye 12.15:bookworm 13:trixie 13.0:? 13.3:buster 13.4:bullseye 13.11:bookworm 13.21:trixie 14.0:bullseye 14.8:bookworm 14.18:trixie 15.0:bullseye 15.3:bookworm 15.13:trixie 16.0:bookworm 16.9:trixie 17.0:bookworm 17.5:trixie 19:?',
  openjdk: '6:wheezy 7:jessie 8:bullseye 9:? 11:bullseye 11.0.1:stretch 11.0.6:buster 11.0.12:bullseye 12:?',
  'openjdk-slim':
    '6:wheezy 7:jessie 8:bullseye 9:? 11:bullseye 11.0.1:stretch 11.0.3:buster 11.0.12:bullseye 13:? 16:bullseye 16.0.1:buster 16.0.2:bullseye 21:bookworm 25:trixie 26:?',
  java: '6:wheezy 7:jessie 9:?',
};
