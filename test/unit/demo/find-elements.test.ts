import { select } from 'xpath';
import { describe, expect, test } from 'vitest';
import { stillDemo } from './still-demo.ts';

/** Paths as the app writes them: what the demo finds quickly must be what the package finds by itself. */
const paths = [
  '/cib[@have-quorum="1"]',
  '/cib[@have-quorum="0"]/configuration/nodes/node[@id="1"]',
  '/cib/configuration/nodes/node[@id="1" and @uname="demo-c1"]',
  '/cib/configuration/nodes/node[@id="demo-w03"]/instance_attributes/nvpair[@name="standby"]',
  '/cib/configuration/resources//primitive[@id="demo-w01" and @type="remote"]',
  '/cib/configuration/resources//primitive[@id="demo-w01" and @type="no"]',
  '/cib/configuration/resources//primitive[@id=\'VM\']/meta_attributes/nvpair[@name="allow-migrate" and not(starts-with(@id,"rackside-"))]',
  "/cib/configuration/resources//nvpair[@id='VM-meta_attributes-allow-migrate' and @name='allow-migrate']",
  '/cib/configuration[resources//primitive[@id="demo-w01" and @type="remote"]]',
  '/cib/configuration[not(resources//primitive[@id="demo-w01" and @type="remote"])]',
  '/cib/configuration[resources/primitive[@id="VM"] and not(constraints/rsc_location[@id="nothing"])]/nodes/node[@id="2"]',
  '/cib/configuration[nodes/node[@id="1" and @uname="demo-c1"]][not(crm_config/cluster_property_set[@id="x"])]/crm_config',
  '/cib/configuration/crm_config//nvpair[@id="rackside-limits-v"]',
] as const;

describe('an element that is named by its id is found as XPath finds it', () => {
  const { world } = stillDemo();
  const vm = [...world.vms.keys()][0] ?? '';
  test.each(paths)('%s', (path) => {
    const xpath = path.replaceAll('VM', vm);
    const { cib } = world;
    expect(cib.query(xpath)).toEqual(select(xpath, cib.root.ownerDocument ?? cib.root));
  });
});
