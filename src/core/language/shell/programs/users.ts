import type { Program } from './table.ts';

/** shadow-utils. */
const USER_OPTIONS =
  '-b= --base-dir=; -c= --comment=; -d= --home-dir= --home=; -D --defaults; -e= --expiredate=; -f= --inactive=; -g= --gid=; -G= --groups=; -k= --skel=; -K= --key=; -l --no-log-init; -m --create-home; -M --no-create-home; -N --no-user-group; -o --non-unique; -p= --password=; -r --system; -R= --root=; -P= --prefix=; -s= --shell=; -u= --uid=; -U --user-group; -Z= --selinux-user=; --badname --badnames; -F --add-subids-for-system; --btrfs-subvolume-home';

export const useradd: Program = {
  name: 'useradd',
  options: USER_OPTIONS,
  action: 'create-user',
  writes: ['users', 'files'],
};

/**
 * Three programs share the name: Debian's, with long options; busybox's, with short ones; and useradd under another name.
 * Where a letter means different things (`-g`: comment or group) it takes a value in each.
 */
export const adduser: Program = {
  name: 'adduser',
  options:
    '--system; --group; --home=; --shell=; --no-create-home; --uid=; --gid=; --firstuid=; --lastuid=; --firstgid=; --lastgid=; --ingroup=; --disabled-password; --disabled-login; --gecos= --comment=; --force-badname --allow-badname --allow-bad-names; --allow-all-names; --quiet -q; --debug; --verbose; --conf=; --add_extra_groups --add-extra-groups; --encrypt-home; --stdoutmsglevel=; --stderrmsglevel=; --no-create-home; ' +
    '-h=; -g=; -s=; -G=; -S; -D; -H; -u=; -k=; -b=; -c=; -d=; -e=; -f=; -K=; -l; -m; -M; -N; -o; -p=; -r; -R=; -U; -Z=; --non-unique; --user-group; --create-home; --groups=; --home-dir=; --password=; --no-user-group; --no-log-init; --inactive=; --expiredate=; --skel=; --key=',
  action: 'create-user',
  writes: ['users', 'files'],
  refine: (call) => {
    // Two names put a user into a group; `--group` without `--system` makes one (adduser(8)).
    if (call.operands.length > 1) return { action: 'other', writes: ['users'] };
    return call.has('--group') && !call.has('--system') ? { action: 'create-group', writes: ['users'] } : {};
  },
};

export const groupadd: Program = {
  name: 'groupadd',
  options:
    '-f --force; -g= --gid=; -K= --key=; -o --non-unique; -p= --password=; -r --system; -R= --root=; -P= --prefix=; -U= --users=',
  action: 'create-group',
  writes: ['users'],
};

export const addgroup: Program = {
  name: 'addgroup',
  options:
    '--system; --gid=; --quiet -q; --debug; --verbose; --force-badname --allow-badname; --conf=; -g=; -S; -r; -f; -o; --firstgid=; --lastgid=; --group',
  action: 'create-group',
  writes: ['users'],
  refine: (call) => (call.operands.length > 1 ? { action: 'other' } : {}),
};

export const usermod: Program = {
  name: 'usermod',
  options:
    '-a --append; -b --badname; -c= --comment=; -d= --home=; -e= --expiredate=; -f= --inactive=; -g= --gid=; -G= --groups=; -l= --login=; -L --lock; -m --move-home; -o --non-unique; -p= --password=; -r --remove; -R= --root=; -s= --shell=; -u= --uid=; -U --unlock; -v= --add-subuids=; -w= --add-subgids=; -Z= --selinux-user=',
  action: 'other',
  writes: ['users'],
};

export const groupmod: Program = {
  name: 'groupmod',
  options: '-g= --gid=; -n= --new-name=; -o --non-unique; -p= --password=; -a --append; -U= --users=; -R= --root=',
  action: 'other',
  writes: ['users'],
};

export const userdel: Program = {
  name: 'userdel',
  options:
    '-f --force; -r --remove; -R= --root=; -Z --selinux-user; --remove-home; --remove-all-files; --quiet; --system; --backup',
  action: 'other',
  writes: ['users', 'files'],
};
export const deluser: Program = { ...userdel, name: 'deluser' };
export const groupdel: Program = {
  name: 'groupdel',
  options: '-f --force; -R= --root=; --only-if-empty; --quiet',
  action: 'other',
  writes: ['users'],
};
export const delgroup: Program = { ...groupdel, name: 'delgroup' };

export const chpasswd: Program = {
  name: 'chpasswd',
  options: '-e --encrypted; -m --md5; -c= --crypt-method=; -s= --sha-rounds=; -R= --root=',
  action: 'other',
  writes: ['users'],
};
export const passwd: Program = {
  name: 'passwd',
  options:
    '-a --all; -d --delete; -e --expire; -i= --inactive=; -l --lock; -n= --mindays=; -q --quiet; -S --status; -u --unlock; -w= --warndays=; -x= --maxdays=; -f; --stdin; -R= --root=',
  action: 'other',
  writes: ['users'],
};
