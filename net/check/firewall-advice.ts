/** Where each platform keeps the switch that lets Lobbykeep through. Nothing is run or changed: only told. */

/** One or two sentences. @param sessionPort the port in use. @param discoveryPort as well. */
export function firewallAdvice(platform: NodeJS.Platform, sessionPort: number, discoveryPort: number): string {
  if (platform === 'win32') {
    return (
      'In Settings, open "Network & internet", the properties of this network, and choose "Private network"; then in ' +
      'Windows Security, "Firewall & network protection", "Allow an app through firewall", tick Lobbykeep for private networks.'
    );
  }
  if (platform === 'darwin') {
    return (
      'In System Settings, allow Lobbykeep under "Privacy & Security", "Local Network", and under "Network", "Firewall", ' +
      '"Options", let it receive incoming connections.'
    );
  }
  return (
    `Let UDP ports ${sessionPort} and ${discoveryPort} in: with ufw, "sudo ufw allow proto udp from any to any port ` +
    `${sessionPort},${discoveryPort}"; with firewalld, "sudo firewall-cmd --add-port=${sessionPort}/udp ` +
    `--add-port=${discoveryPort}/udp".`
  );
}
