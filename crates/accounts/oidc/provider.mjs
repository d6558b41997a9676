// A provider for tests: everybody who comes is Cy Holm of the group `revenue`, and consents. Prints
// its issuer, and ends when its input does.
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const { Provider } = await import(pathToFileURL(process.argv[2]));
const server = createServer();
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "handfast",
      client_secret: "a secret of the client",
      redirect_uris: [
        "https://figures.example.org/back",
        "https://figures.example.org/api/v1/session/provider/back",
      ],
    },
  ],
  claims: {
    openid: ["sub"],
    email: ["email", "email_verified"],
    profile: ["name"],
    groups: ["groups"],
  },
  scopes: ["openid", "email", "profile", "groups"],
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: "Cy Holm",
      email: "cy@example.org",
      email_verified: true,
      groups: ["revenue"],
    }),
  }),
});

async function interact(request, response) {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    const result = { login: { accountId: "cy-1" } };
    return provider.interactionFinished(request, response, result);
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope("openid email profile groups");
  const result = { consent: { grantId: await grant.save() } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

const answer = provider.callback();
server.on("request", (request, response) =>
  request.url.startsWith("/interaction/")
    ? interact(request, response).catch((error) => response.writeHead(500).end(`${error}`))
    : answer(request, response),
);
process.stdin.resume().on("end", () => process.exit(0));
console.log(issuer);
