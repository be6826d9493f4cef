// Verifies with the published packages: POST /standard with "standardwebhooks", POST /svix with "svix".
const http = require('node:http');

const secret = process.env.WEBHOOK_SECRET;
const verifiers = {
  '/standard': new (require('standardwebhooks').Webhook)(secret),
  '/svix': new (require('svix').Webhook)(secret),
};

http.createServer((request, response) => {
  const chunks = [];
  request.on('data', chunk => chunks.push(chunk));
  request.on('end', () => {
    try {
      verifiers[request.url].verify(Buffer.concat(chunks).toString('utf8'), request.headers);
      response.writeHead(204).end();
    } catch (error) {
      response.writeHead(401).end(String(error.message));
    }
  });
}).listen(Number(process.env.PORT), '127.0.0.1');
