import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { vendorPathOpenApi } from '@app/inference';
import { describeErrors } from './openapi-errors.js';
import { describeIdempotency } from './openapi-idempotency.js';

/** Serves the OpenAPI document at `/swagger-ui/` (page) and `/swagger-ui/openapi.json`. */
export function serveOpenApi(app: INestApplication): void {
  const document = new DocumentBuilder()
    .setTitle('LLM Hub AI Gateway')
    .setDescription(
      'One HTTP address in front of every LLM vendor. Press **Authorize** and paste a project key (`pk_…`) for ' +
        'inference, or the admin key for `/admin`. Realtime sessions are WebSockets, at `/v1/realtime` and at the path of ' +
        "Google's live client.",
    )
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'pk_…', description: 'A project key, `pk_…`.' },
      'project-key',
    )
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'ak_…', description: 'The admin key, `ak_…`.' },
      'admin-key',
    )
    .build();
  const describe = (): OpenAPIObject => {
    const described = SwaggerModule.createDocument(app, document);
    Object.assign(described.paths, vendorPathOpenApi);
    return describeErrors(describeIdempotency(described));
  };
  SwaggerModule.setup('swagger-ui', app, describe, {
    jsonDocumentUrl: 'swagger-ui/openapi.json',
    yamlDocumentUrl: 'swagger-ui/openapi.yaml',
    // closed: a table of contents; of 150 open tags and endpoints Swagger UI draws the visible ones only
    swaggerOptions: { docExpansion: 'none', persistAuthorization: true, displayRequestDuration: true },
  });
}
