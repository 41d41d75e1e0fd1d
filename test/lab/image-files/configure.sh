# Makes a freshly installed Debian tree ($1) into a lab node's image. $2 is a folder with the lab's key pair, $3 root's password,
# then USER:PASSWORD for tech, bare and sudoer. Run once a build, never on a tree that a running lab stands on.
set -eu
root=$1 keys=$2 rootpw=$3
shift 3

# The image is one for all nodes: whatever makes a node itself (host keys, machine-id, name) is made when it is first booted.
rm -f "$root"/etc/ssh/ssh_host_* "$root/var/lib/dbus/machine-id"
: >"$root/etc/machine-id"

# Logins. root by password and by the lab's key; live migration goes over qemu+ssh as root between the nodes with the same key.
printf 'root:%s\n' "$rootpw" | chroot "$root" chpasswd
for login in "$@"; do
  chroot "$root" useradd -m -s /bin/bash "${login%%:*}"
  printf '%s\n' "$login" | chroot "$root" chpasswd
done
chroot "$root" usermod -aG haclient,libvirt,sudo tech
printf 'sudoer ALL=(ALL:ALL) NOPASSWD: ALL\n' >"$root/etc/sudoers.d/lab"
chmod 440 "$root/etc/sudoers.d/lab"
for home in /root /home/tech /home/bare /home/sudoer; do
  install -d -m 700 "$root$home/.ssh"
  install -m 600 "$keys/id_ed25519.pub" "$root$home/.ssh/authorized_keys"
  chroot "$root" chown -R --reference="$home" "$home/.ssh"
done
install -m 600 "$keys/id_ed25519" "$root/root/.ssh/id_ed25519"

# sshd stays as Debian ships it but for root's password: MaxSessions 10 and MaxStartups 10:30:100 are what the app is proven against.
printf 'PermitRootLogin yes\n' >"$root/etc/ssh/sshd_config.d/lab.conf"
# Between nodes nobody is there to say yes to a host key.
printf 'Host *\n  StrictHostKeyChecking no\n  UserKnownHostsFile /dev/null\n  LogLevel ERROR\n' >"$root/etc/ssh/ssh_config.d/lab.conf"

# libvirt: QEMU as root, without cgroups, namespaces and security labels of its own, none of which it may make inside a container.
cat >"$root/etc/libvirt/qemu.conf" <<'Q'
user = "root"
group = "root"
security_driver = "none"
cgroup_controllers = []
namespaces = []
remember_owner = 0
stdio_handler = "file"
Q
install -d "$root/etc/pacemaker/vms"

# A service to fail: as a plain unit, or managed as systemd:lab-demo.
cat >"$root/etc/systemd/system/lab-demo.service" <<'U'
[Unit]
Description=Lab demo service
[Service]
ExecStart=/bin/sleep infinity
[Install]
WantedBy=multi-user.target
U

# Debian starts a one-node cluster "debian" right after the install, and a node of ours must not come up in it.
rm -f "$root/etc/corosync/corosync.conf"
chroot "$root" systemctl disable -q corosync pacemaker
chroot "$root" systemctl enable -q pcsd ssh libvirtd
# No hardware of its own to watch, no console to log in at, no timers that would load two cores with four nodes at once.
chroot "$root" systemctl mask -q apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer \
  e2scrub_reap.service fstrim.timer getty@.service console-getty.service systemd-udevd.service systemd-udev-trigger.service \
  mdmonitor.service mdcheck_start.timer mdcheck_continue.timer mdmonitor-oneshot.timer smartmontools.service
install -d "$root/etc/systemd/journald.conf.d"
printf '[Journal]\nStorage=persistent\nSystemMaxUse=64M\nRateLimitIntervalSec=0\n' >"$root/etc/systemd/journald.conf.d/lab.conf"

# No mirror: a node is not on the internet, and a package list of the build machine is not for it.
rm -f "$root/etc/apt/sources.list" "$root"/etc/apt/sources.list.d/*
