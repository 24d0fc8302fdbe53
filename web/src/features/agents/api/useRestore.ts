import { useMutation } from '@tanstack/react-query';
import { client } from '~/lib/client';
import { strings } from '~/lib/strings';

/** Makes an earlier version the latest: as a new one that does the same, for versions never change. */
export const useRestore = (agent: string) =>
  useMutation({
    mutationFn: async (version: string) => {
      const found = await client.GET('/v1/agents/{agent}/versions/{version}', { params: { path: { agent, version } } });
      if (!found.data) {
        throw found.error;
      }
      const { graph, default_params, model, system_prompt, input_schema, output_schema } = found.data;
      const made = await client.POST('/v1/agents/{agent}/versions', {
        params: { path: { agent } },
        body: { graph, default_params, model, system_prompt, input_schema, output_schema, changelog: strings.agents.restoredLog(version) },
      });
      if (!made.data) {
        throw made.error;
      }
      return made.data;
    },
  });
