// Every panel by its name, at the place it is given: on the dashboard, or alone on the screen.

import type { ReactNode } from 'react';
import { digitOf } from '../choice.ts';
import type { Placed } from '../layout.ts';
import { BurstsPanel } from '../panels/bursts.tsx';
import { CountedPanel } from '../panels/counted.tsx';
import { EndpointsPanel } from '../panels/endpoints.tsx';
import { ErrorsPanel } from '../panels/errors.tsx';
import { FooterPanel } from '../panels/footer.tsx';
import { GeneratorPanel } from '../panels/generator.tsx';
import { HeaderPanel } from '../panels/header.tsx';
import { HealthPanel } from '../panels/health.tsx';
import { HeatmapPanel } from '../panels/heatmap.tsx';
import { HostPanel } from '../panels/host.tsx';
import { LatencyPanel } from '../panels/latency.tsx';
import { LoadPanel } from '../panels/load.tsx';
import { LogPanel } from '../panels/log.tsx';
import { MetricsPanel } from '../panels/metrics.tsx';
import { MongodbPanel } from '../panels/mongodb.tsx';
import { ObjectivesPanel } from '../panels/objectives.tsx';
import { ServerPanel } from '../panels/server.tsx';
import { TargetHostPanel } from '../panels/target-host.tsx';
import { TargetProcessPanel } from '../panels/target-process.tsx';
import type { Seen } from '../seen.ts';
import type { View } from '../view.ts';

interface PanelAtProps {
  readonly placed: Placed;
  readonly state: Seen;
  readonly view: View;
}

export const PanelAt = ({ placed, state, view }: PanelAtProps): ReactNode => {
  const { name, parts } = placed;
  const { focus, zoomed } = view.zoom;
  const digits = new Set((name === 'server' ? (parts ?? []) : [name]).map(digitOf));
  const rect = zoomed ? placed.rect : { ...placed.rect, digit: [...digits].toSorted().join('') };
  const props = { rect, state, focused: focus === name };
  switch (name) {
    case 'header':
      return <HeaderPanel {...props} />;
    case 'load':
      return <LoadPanel {...props} />;
    case 'latency':
      return <LatencyPanel {...props} />;
    case 'heatmap':
      return <HeatmapPanel {...props} />;
    case 'endpoints':
      return <EndpointsPanel {...props} sort={view.sort} />;
    case 'objectives':
      return <ObjectivesPanel {...props} />;
    case 'bursts':
      return <BurstsPanel {...props} />;
    case 'counted':
      return <CountedPanel {...props} />;
    case 'errors':
      return <ErrorsPanel {...props} />;
    case 'server':
      return <ServerPanel {...props} focus={focus} parts={parts} />;
    case 'health':
      return <HealthPanel {...props} />;
    case 'metrics':
      return <MetricsPanel {...props} />;
    case 'mongodb':
      return <MongodbPanel {...props} />;
    case 'target host':
      return <TargetHostPanel {...props} />;
    case 'host':
      return <HostPanel {...props} />;
    case 'generator':
      return <GeneratorPanel {...props} />;
    case 'target process':
      return <TargetProcessPanel {...props} />;
    case 'log':
      return <LogPanel {...props} />;
    case 'footer':
      return <FooterPanel {...props} view={view} />;
  }
};
