# Makes $1/worker, the overlay layer that turns $1/base into a worker: pacemaker_remote in place of pacemaker and corosync. The
# packages conflict, so one tree cannot hold both, and a full second tree would double time and space.
set -eu
folder=$1
mount=$folder/mount
mkdir -p "$folder/worker" "$folder/worker.work" "$mount"
chmod 755 "$folder/worker"
mount -t overlay rackside-lab-build -o "lowerdir=$folder/base,upperdir=$folder/worker,workdir=$folder/worker.work" "$mount"
trap 'umount "$mount"' EXIT
chroot "$mount" dpkg --force-depends -P pacemaker corosync
chroot "$mount" sh -c 'dpkg -i /opt/pacemaker-remote_*.deb'
# The package enables it; a worker starts it when it is accepted into the cluster.
chroot "$mount" systemctl disable -q pacemaker_remote
umount "$mount"
trap - EXIT
rmdir "$mount"
rm -rf "$folder/worker.work"
