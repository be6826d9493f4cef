const express = require('express');
const crypto = require('crypto');
const app = express();
app.use(express.json());
const WEBHOOK_SECRET = 'whsec_your_secret_here';
app.post('/webhook', (req, res) => {
const signature = req.headers['x-signature'];
const timestamp = req.headers['x-timestamp'];
const payload = JSON.stringify(req.body);
// 1. Verify timestamp is within 5 minutes
const now = Date.now();
const fiveMinutes = 5 * 60 * 1000;
if (Math.abs(now - Number(timestamp)) > fiveMinutes) {
return res.status(401).send('Timestamp too old');
}
// 2. Verify signature
const expectedSignature = crypto
.createHmac('sha256', WEBHOOK_SECRET)
.update(`${timestamp}.${payload}`)
.digest('hex');
const isValid = crypto.timingSafeEqual(
Buffer.from(expectedSignature),
Buffer.from(signature)
);
if (!isValid) {
return res.status(401).send('Invalid signature');
}
// 3. Process the event
console.log('Received webhook event:', req.body);
res.status(200).send('OK');
});
app.listen(3000, () => console.log('Webhook server running on port 3000'));
